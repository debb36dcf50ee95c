import { describe, expect, test } from 'vitest';
import { createAlerts } from '../../../../src/records/alerts.ts';
import type { AlertRecord } from '../../../../src/records/alerts.ts';
import { createMemoryTables } from '../../../../src/records/memory-tables.ts';
import { looks, NOW, wanted, words } from './stage.ts';

const fired: AlertRecord = {
  id: '/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/1',
  rule: 'cafe-is-down',
  severity: 'Sev1',
  condition: 'Fired',
  targets: [],
  description: '',
  firedAt: '2026-03-01T09:45:00.000Z',
  receivedAt: '2026-03-01T09:46:00.000Z',
  by: { id: 'monitor', name: 'Azure Monitor', kind: 'application', roles: ['Automation'] },
  matched: [{ plan: 'cafe', signal: 'alert', sites: ['east'] }],
};
const resolved: AlertRecord = {
  ...fired,
  condition: 'Resolved',
  resolvedAt: '2026-03-01T09:50:00.000Z',
  receivedAt: '2026-03-01T09:51:00.000Z',
};

describe('an alert signal', () => {
  test.each<[string, readonly AlertRecord[], string]>([
    ['nothing was fired', [], 'unclear: no alert'],
    ['one was fired', [fired], 'bad: cafe-is-down (Sev1) fired at 2026-03-01T09:45:00.000Z'],
    [
      'it was resolved',
      [fired, resolved],
      'good: cafe-is-down resolved at 2026-03-01T09:50:00.000Z',
    ],
    [
      'it was fired too long ago',
      [{ ...fired, firedAt: '2026-03-01T09:29:00.000Z' }],
      'unclear: no alert',
    ],
    [
      'it concerns the other site',
      [{ ...fired, matched: [{ plan: 'cafe', signal: 'alert', sites: ['west'] }] }],
      'unclear: no alert',
    ],
  ])('when %s', async (_what, records, expected) => {
    const alerts = createAlerts(createMemoryTables());
    for (const record of records) await alerts.record(record);
    const seen = await looks([wanted('alert', { rule: 'cafe-*' })], { through: { alerts } });
    expect(words(seen)).toEqual([`health ${expected}`]);
    expect(seen[0]).toMatchObject({ domain: 'monitor', at: NOW });
  });

  test('reads the record once for all plans, as far back as the most patient one asks', async () => {
    const asked: string[] = [];
    const since = async (at: string): Promise<readonly AlertRecord[]> => {
      asked.push(at);
      return [fired];
    };
    const seen = await looks(
      [
        wanted('alert', { rule: '*', lasts: '10m' }),
        wanted('alert', { rule: '*', lasts: '2h' }),
        wanted('alert', { rule: '*' }, 'other'),
      ],
      { through: { alerts: { since } } },
    );
    expect(asked).toEqual(['2026-03-01T08:00:00.000Z']);
    expect(seen.map(({ as }) => as)).toEqual(['unclear', 'bad', 'unclear']);
  });
});
