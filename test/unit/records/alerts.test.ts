import { describe, expect, it } from 'vitest';
import { instant } from '../../../src/core/clock.ts';
import { createAlerts, saidOf } from '../../../src/records/alerts.ts';
import type { AlertRecord } from '../../../src/records/alerts.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';

const START = Date.parse('2026-11-21T10:00:00.000Z');
const minute = (minutes: number): string => instant(START + minutes * 60_000);

function alert(of: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id: '/subscriptions/s/providers/Microsoft.AlertsManagement/alerts/1',
    rule: 'cafe-down',
    severity: 'Sev1',
    condition: 'Fired',
    targets: [],
    description: '',
    firedAt: minute(0),
    receivedAt: minute(0),
    by: { id: 'key', name: 'function key', kind: 'key', roles: ['Automation'] },
    matched: [{ plan: 'cafe', signal: 'down', sites: ['east'] }],
    ...of,
  };
}

describe('alerts', () => {
  it('takes each condition of an alert once, whatever the case of its id', async () => {
    const alerts = createAlerts(createMemoryTables());
    await expect(alerts.record(alert())).resolves.toBe('new');
    await expect(
      alerts.record(alert({ id: alert().id.toUpperCase(), receivedAt: minute(1) })),
    ).resolves.toBe('repeated');
    await expect(alerts.record(alert({ condition: 'Resolved' }))).resolves.toBe('new');
    await expect(alerts.recent(10)).resolves.toHaveLength(2);
  });

  it('lists the newest first, and those since a moment with that moment', async () => {
    const alerts = createAlerts(createMemoryTables());
    for (const number of [2, 0, 3, 1])
      await alerts.record(alert({ id: `/a/${number}`, receivedAt: minute(number) }));
    const ids = (records: readonly AlertRecord[]): string[] => records.map(({ id }) => id);
    expect(ids(await alerts.recent(3))).toEqual(['/a/3', '/a/2', '/a/1']);
    expect(ids(await alerts.since(minute(2)))).toEqual(['/a/3', '/a/2']);
  });

  it('forgets what is old, and takes it for new when it comes again', async () => {
    const alerts = createAlerts(createMemoryTables());
    for (const number of [0, 1, 2])
      await alerts.record(alert({ id: `/a/${number}`, receivedAt: minute(number) }));
    await expect(alerts.forget(minute(2))).resolves.toBe(2);
    await expect(alerts.forget(minute(2))).resolves.toBe(0);
    await expect(alerts.recent(10)).resolves.toHaveLength(1);
    await expect(alerts.record(alert({ id: '/a/0' }))).resolves.toBe('new');
    await expect(alerts.record(alert({ id: '/a/2' }))).resolves.toBe('repeated');
  });
});

describe('what alerts say together', () => {
  const about = { plan: 'cafe', signal: 'down', site: 'east' };
  const resolved = (id: string, at: number): AlertRecord =>
    alert({ id, condition: 'Resolved', resolvedAt: minute(at), receivedAt: minute(at) });
  const fired = (id: string, at: number): AlertRecord =>
    alert({ id, firedAt: minute(at), receivedAt: minute(at) });

  it.each([
    { when: 'there is none', alerts: [], said: null },
    { when: 'one is fired', alerts: [fired('a', 1)], said: ['fired', minute(1)] },
    {
      when: 'it is resolved',
      alerts: [fired('a', 1), resolved('a', 2)],
      said: ['resolved', minute(2)],
    },
    {
      when: 'the resolution came in first',
      alerts: [resolved('a', 2), alert({ id: 'a', firedAt: minute(1), receivedAt: minute(3) })],
      said: ['resolved', minute(2)],
    },
    {
      when: 'one of two is resolved',
      alerts: [fired('a', 1), fired('b', 1), resolved('a', 2)],
      said: ['fired', minute(1)],
    },
    { when: 'it was fired too long ago', alerts: [fired('a', 0)], said: null },
    {
      when: 'it concerns another site',
      alerts: [alert({ firedAt: minute(1), matched: [{ ...about, sites: ['west'] }] })],
      said: null,
    },
  ])('is right when $when', ({ alerts, said }) => {
    const found = saidOf(alerts, about, minute(0));
    expect(found === null ? null : [found.is, found.at]).toEqual(said);
  });
});
