import { expect, it } from 'vitest';
import type { ExecutionRecord } from '../../../src/core/execution.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { createDrills } from '../../../src/records/drills.ts';
import { createMemoryTables } from '../../../src/records/memory-tables.ts';
import { createOutbox } from '../../../src/records/outbox.ts';
import { showStanding } from '../../../src/root/standing.ts';
import { kept } from '../../support/telling.ts';

const THEN = '2026-11-21T10:00:00.000Z';
const NOW = Date.parse(THEN) + 3_600_000;
const clock = { now: () => NOW, sleep: () => Promise.resolve() };

async function standing(
  executions: readonly Partial<ExecutionRecord>[],
  overdueSeconds: number,
): Promise<unknown[]> {
  const telemetry = kept();
  const tables = createMemoryTables();
  const [drills, outbox] = [createDrills(tables), createOutbox(tables)];
  await drills.save(null, { plan: 'cafe', since: THEN, windows: {}, held: {}, told: {} });
  for (const [id, dueAt] of [
    ['due', THEN],
    ['later', '2026-11-22T10:00:00.000Z'],
  ] as const) {
    await outbox.put({
      ...{ id, notification: 'on-call', to: 'ON_CALL', format: 'plain', attempts: 0, dueAt },
      notice: { plan: 'cafe', what: 'paused', severity: 'critical', sentence: '', at: THEN },
    });
  }
  const plan = {
    name: 'cafe',
    drills: [{ level: 'live', cron: '0 2 * * 0', timeZone: 'UTC', overdueSeconds }],
  } as unknown as Plan;
  const recent = async (): Promise<ExecutionRecord[]> => executions as ExecutionRecord[];
  await showStanding({ clock, telemetry, drills, outbox, executions: { recent } }, [plan]);
  return telemetry.metrics;
}

const run = { plan: 'cafe', kind: 'failover', mode: 'planned', requestedAt: THEN } as const;
const labels = (state: string) => ['cafe', 'failover', 'planned', undefined, state];
const WAITING = ['switchover.notice.waiting', 1];

it.each<[string, readonly Partial<ExecutionRecord>[], number, unknown[]]>([
  ['nothing is open', [{ ...run, state: 'succeeded' }], 86_400, [WAITING]],
  [
    'one runs',
    [{ ...run, state: 'running' }],
    86_400,
    [['switchover.execution.age', 3600, ...labels('running')], WAITING],
  ],
  [
    'one is paused',
    [{ ...run, state: 'paused', pause: { since: '2026-11-21T10:30:00.000Z' } as never }],
    86_400,
    [
      ['switchover.execution.age', 3600, ...labels('paused')],
      ['switchover.execution.waiting', 1800, ...labels('paused')],
      WAITING,
    ],
  ],
  [
    'one waits for people to agree',
    [{ ...run, state: 'awaiting-approval' }],
    86_400,
    [
      ['switchover.execution.age', 3600, ...labels('awaiting-approval')],
      ['switchover.execution.waiting', 3600, ...labels('awaiting-approval')],
      WAITING,
    ],
  ],
  ['a drill is overdue', [], 1800, [WAITING, ['switchover.drill.overdue', 3600, 'cafe', 'live']]],
])('shows how it stands when %s', async (_, executions, overdue, expected) => {
  expect(await standing(executions, overdue)).toEqual(expected);
});
