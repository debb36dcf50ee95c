import { expect, it } from 'vitest';
import type { ExecutionRecord } from '../../../src/core/execution.ts';
import { saidExecutions } from '../../../src/orchestration/notices/say.ts';
import type { Entry, Executions } from '../../../src/records/executions.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();
const clock = { now: () => NOW, sleep: () => Promise.resolve() };

const pause = (reminders: number): Partial<ExecutionRecord> => ({
  state: 'paused',
  startedAt: at(-30),
  pause: { since: at(-5), why: 'a step failed', choices: [], from: 'running', reminders },
});
const RUNNING: Partial<ExecutionRecord> = { state: 'running', startedAt: at(-30) };
const ENDED: Partial<ExecutionRecord> = { state: 'failed', startedAt: at(-30), endedAt: at(0) };

/** What the log says of a write that changes the execution so. */
async function said(
  before: Partial<ExecutionRecord>,
  after: Partial<ExecutionRecord>,
): Promise<unknown[]> {
  const log: unknown[] = [];
  const whole = { id: 'e-1', plan: 'cafe', kind: 'failover', mode: 'planned', reason: 'a test' };
  const executions = saidExecutions({ write: () => Promise.resolve() } as unknown as Executions, {
    clock,
    log: ({ level, data }) => void log.push(level, data?.['what'], data?.['execution']),
  });
  const header = { before: { value: { ...whole, ...before } }, after: { ...whole, ...after } };
  await executions.write('e-1', at(0), { header } as unknown as Entry);
  return log;
}

it.each<[string, Partial<ExecutionRecord>, Partial<ExecutionRecord>, string[]]>([
  ['begins', { state: 'preflight' }, RUNNING, ['warning', 'started']],
  ['is paused', RUNNING, pause(0), ['error', 'paused']],
  ['is reminded of', pause(0), pause(1), ['error', 'reminded']],
  ['stands still as before', pause(1), pause(1), []],
  ['goes on soon after it began', pause(0), RUNNING, []],
  ['goes on as before', RUNNING, RUNNING, []],
  ['ends', RUNNING, ENDED, ['error', 'ended']],
])('the log says of an execution that %s', async (_, before, after, expected) => {
  expect(await said(before, after)).toEqual(expected.length === 0 ? [] : [...expected, 'e-1']);
});
