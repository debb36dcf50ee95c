import { beforeEach, expect, it } from 'vitest';
import type { AzureAccess } from '../../../src/azure/access.ts';
import { instant } from '../../../src/core/clock.ts';
import type { LogEntry } from '../../../src/core/log.ts';
import { sampleLag } from '../../../src/orchestration/lag.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import type { MemoryTables } from '../../../src/records/memory-tables.ts';
import { createPlanStates } from '../../../src/records/plan-state.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const clock = { now: () => NOW, sleep: () => Promise.resolve() };
/** Every database has been two seconds behind, a minute ago. */
const azure = {
  metrics: {
    latest: async (databases: readonly string[]) =>
      new Map(databases.map((one) => [one, { value: 2, at: instant(NOW - 60_000) }])),
  },
} as unknown as AzureAccess;

function planOf(name: string): Plan {
  const databases = [{ database: { east: `${name}/databases/d` } }];
  return { name, home: 'east', dataLoss: { databases } } as unknown as Plan;
}

let tables: MemoryTables;
let log: LogEntry[];

beforeEach(() => {
  tables = createMemoryTables();
  log = [];
});

const sample = (names: readonly string[]): Promise<void> =>
  sampleLag(
    { azure, clock, planStates: createPlanStates(tables), log: (entry) => void log.push(entry) },
    names.map(planOf),
  );

const known = async (plan: string): Promise<number | null | undefined> =>
  (await createPlanStates(tables).lag(plan))?.seconds;

it('is kept of every plan whose row can be written, and what could not be is in the log', async () => {
  tables.onWrite({
    before({ changes }) {
      if (changes.some(({ row }) => row === 'lag~first')) throw new Error('The row is stuck.');
    },
  });
  await sample(['first', 'second']);
  expect([await known('first'), await known('second')]).toEqual([undefined, 2]);
  expect(log.map(({ level }) => level)).toEqual(['error']);
  expect(log[0]?.message).toContain('The row is stuck');
});

it('goes on as soon as the store answers again', async () => {
  const mend = tables.onWrite({
    before() {
      throw new Error('The state store does not answer.');
    },
  });
  await sample(['first']);
  mend();
  await sample(['first']);
  expect([await known('first'), log.length]).toEqual([2, 1]);
});
