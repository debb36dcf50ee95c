import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import { createAlerts } from '../../../src/records/alerts.ts';
import { createAlertMatcher } from '../../../src/health/match-alert.ts';
import { createAlertDoors } from '../../../src/root/alerts.ts';
import { api } from './api.ts';
import { fakeServices } from './services.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'fixtures', 'alerts');
const NOW = Date.parse('2026-11-21T10:05:00.000Z');

/** Bodies as Azure Monitor's documentation has them, one for each kind of alert. */
it.each(readdirSync(FOLDER))('the door takes %s', async (file) => {
  const body = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as object;
  const doors = createAlertDoors(
    {
      clock: { now: () => NOW, sleep: async () => undefined },
      alerts: createAlerts(createMemoryTables()),
      matches: createAlertMatcher(),
      look: async () => undefined,
      explanations: async () => [],
    },
    { all: async () => [] },
  );
  const ask = api(fakeServices({ alerts: doors }).services, []);
  const got = await ask({ method: 'POST', path: '/api/alerts', body });
  expect(got.status).toBe(202);
  expect(got.json).toMatchObject({ accepted: true, repeated: false });
});
