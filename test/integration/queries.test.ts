import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Row } from '../../local/simulator/logs/kql-expression.ts';
import { runQuery } from '../../local/simulator/logs/kql.ts';
import type { Table } from '../../local/simulator/logs/kql.ts';
import { ask, pass, withStack } from '../support/door.ts';
import { order, untilStill } from '../support/failover.ts';
import { COLLECTOR as settings, collector } from '../support/otlp.ts';
import { editedPlans } from '../support/plans.ts';
import { workspaceOf } from '../support/workspace.ts';
import type { DatedEntry } from '../support/workspace.ts';

const FILES = globSync('infra/queries/*.kql');
/** Longer, and the loss would be more than the plan allows: somebody would be asked once more. */
const WAITED = 240;

let tables: ReadonlyMap<string, Table>;
/** When the execution was still waiting for somebody to agree, and the end. */
let waiting: number;
let end: number;

/** A region dies; the watch prepares a failover; somebody agrees a while later; a call is refused, and tried again. */
beforeAll(async () => {
  const heard = collector();
  const log: DatedEntry[] = [];
  let now = (): number => 0;
  await withStack(
    {
      ...{ watched: true, plans: editedPlans([]), receivers: heard.receivers, settings },
      log: (entry) => void log.push({ ...entry, at: now() }),
    },
    async (stack) => {
      now = () => stack.clock.now();
      await pass(stack, 190);
      stack.simulator.control.outage('eastus', 'data');
      await pass(stack, WAITED);
      waiting = stack.clock.now();
      const { body } = await ask(stack, { path: '/api/executions' });
      const [{ id }] = body['executions'] as unknown as [{ id: string }];
      stack.simulator.control.fault({
        ...{ operation: 'traffic-manager/put-endpoint', resource: '', kind: 'respond' },
        ...{ status: 403, code: 'AuthorizationFailed', times: 1 },
      });
      await order(stack, id, { command: 'approve', reason: 'go' }, 'approver');
      expect(await untilStill(stack, id)).toBe('paused');
      await order(stack, id, { command: 'retry', reason: 'it is free again' });
      await pass(stack, 10);
      expect(await untilStill(stack, id)).toBe('succeeded');
      // What waited a moment ago is still among the waiting of the last five minutes.
      await pass(stack, 360);
      end = stack.clock.now();
    },
  );
  tables = workspaceOf(log, heard);
}, 60_000);

/** As it was asked at that moment, when nothing later was there. */
function answer(name: string, at = end): readonly Row[] {
  const then = [...tables].map(([table, { columns, rows }]): [string, Table] => [
    table,
    { columns, rows: rows.filter(({ TimeGenerated: time }) => Number(time) <= at) },
  ]);
  return runQuery(readFileSync(`infra/queries/${name}.kql`, 'utf8'), new Map(then), at).rows;
}

const column = (rows: readonly Row[], name: string): unknown[] => rows.map((row) => row[name]);

describe('of a failover that waited for people', () => {
  it.each(FILES.map((file) => [basename(file, '.kql')]))('%s can be asked', (name) => {
    expect(() => answer(name)).not.toThrow();
  });

  it('the log says that it waits, which is what an alert is made of', () => {
    const rows = answer('execution-waits');
    expect(column(rows, 'sentence')).toEqual([
      expect.stringContaining('waits for 1 to agree'),
      expect.stringContaining('pauses when stop-machines cannot go on'),
      expect.stringContaining('is paused'),
    ]);
    expect(new Set(column(rows, 'plan'))).toEqual(new Set(['websphere-cafe']));
  });

  it('the log says what happened, newest first', () => {
    expect(column(answer('notices'), 'what')).toEqual([
      // The side that was left is down: it could not take over.
      'readiness-critical',
      'ended',
      'paused',
      'step-waits',
      'started',
      'awaiting-approval',
      'site-failed',
    ]);
  });

  it('the log says what the watch came to and what it did', () => {
    const rows = answer('verdicts').toReversed();
    expect(column(rows, 'verdict').slice(0, 2)).toEqual(['healthy', 'suspect']);
    const [began] = rows.filter(({ verdict }) => verdict === 'failed');
    expect(began?.['did']).toContain('Prepared execution');
    expect(began?.['because']).toContain('myPrimaryEndpoint');
    const withheld = rows.filter((row) => row['withheldBy'] !== '[]');
    expect(column(withheld, 'withheldBy')).toContain('["open-execution"]');
  });

  it('the collector has how long it waits, while it does', () => {
    const [row, ...more] = answer('waiting-now', waiting);
    expect([more, row?.['plan'], row?.['state']]).toEqual([
      [],
      'websphere-cafe',
      'awaiting-approval',
    ]);
    expect(row?.['seconds']).toBeGreaterThan(30);
    expect(answer('waiting-now')).toEqual([]);
  });

  it('the collector has the execution, its steps, and the call that was refused', () => {
    expect(answer('executions')).toMatchObject([
      { plan: 'websphere-cafe', kind: 'failover', mode: 'unplanned', state: 'succeeded' },
    ]);
    expect(column(answer('steps'), 'uses')).toContain('sql/failover-group');
    expect(column(answer('steps'), 'azureSeconds').some((one) => Number(one) > 0)).toBe(true);
    expect(answer('azure-refused')).toMatchObject([
      { step: 'close-endpoint', outcome: 'refused', code: 'AuthorizationFailed' },
    ]);
    expect(column(answer('objectives'), 'objective').sort()).toEqual(['rpo', 'rto']);
  });

  it('the collector has the requests to Azure by service, and how often the watch looked', () => {
    const requests = answer('azure-requests');
    expect(column(requests, 'service')).toContain('Microsoft.Sql');
    expect(column(requests, 'status')).toContain('403');
    expect(column(answer('verdicts-over-time'), 'verdict')).toContain('healthy');
    const runs = column(answer('watch-rhythm'), 'runs').map(Number);
    expect(Math.max(...runs)).toBeGreaterThanOrEqual(9);
  });
});
