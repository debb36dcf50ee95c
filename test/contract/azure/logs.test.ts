import { describe, expect, it } from 'vitest';
import type { LogAnswer } from '../../../src/azure/access.ts';
import { onSimulator, WORKSPACE, type Bench } from './bench.ts';

const CUSTOMER = '55555555-5555-5555-5555-555555555555';

function ask({ azure }: Bench, query: string, workspaceId = CUSTOMER): Promise<LogAnswer> {
  return azure.logs.query({ workspaceId, query, timespanSeconds: 1800 });
}

describe("the café's requests in Log Analytics", () => {
  it.each([
    ['its GUID', CUSTOMER],
    ['its ARM id', WORKSPACE],
  ])('are counted by result code, asked of the workspace by %s', (_name, workspaceId) =>
    onSimulator(async (bench) => {
      await bench.clock.sleep(600_000);
      const query =
        'AppRequests | where TimeGenerated > ago(5m) | summarize count(), failed = countif(Success == false) by ResultCode | order by ResultCode asc';
      const { columns, rows, incomplete } = await ask(bench, query, workspaceId);
      expect(incomplete).toBeNull();
      expect(columns).toEqual([
        { name: 'ResultCode', type: 'string' },
        { name: 'count_', type: 'long' },
        { name: 'failed', type: 'long' },
      ]);
      expect(rows.map(([code, , failed]) => [code, failed])).toEqual([
        ['200', 0],
        ['201', 0],
      ]);
    })(),
  );

  it(
    'turn to failures when the application fails, after the time that ingestion takes',
    onSimulator(async (bench) => {
      const failing =
        'AppRequests | where TimeGenerated > ago(3m) | summarize share = 100.0 * countif(ResultCode startswith "5") / count()';
      await bench.clock.sleep(600_000);
      bench.simulator.control.outage('eastus', 'application');
      await bench.clock.sleep(60_000);
      expect((await ask(bench, failing)).rows).toEqual([[0]]);
      await bench.clock.sleep(300_000);
      expect((await ask(bench, failing)).rows).toEqual([[100]]);
    }),
  );

  it(
    'end with the machines that would write them',
    onSimulator(async (bench) => {
      await bench.clock.sleep(600_000);
      bench.simulator.control.outage('eastus', 'data');
      await bench.clock.sleep(600_000);
      const query = 'AppRequests | where TimeGenerated > ago(5m) | count';
      expect((await ask(bench, query)).rows).toEqual([[0]]);
    }),
  );

  it(
    'come by the minute',
    onSimulator(async (bench) => {
      await bench.clock.sleep(600_000);
      const query =
        'AppRequests | where Name has "coffees" and Success | summarize count() by bin(TimeGenerated, 1m) | order by TimeGenerated | take 2';
      const { rows } = await ask(bench, query);
      expect(rows.map(([at]) => at)).toEqual([
        '2026-11-21T10:08:00.000Z',
        '2026-11-21T10:07:00.000Z',
      ]);
    }),
  );

  it(
    'and the web tests beside them',
    onSimulator(async (bench) => {
      await bench.clock.sleep(600_000);
      const query =
        "AppAvailabilityResults | where Location in ('us-va-ash-azr', 'us-fl-mia-edge') | project Location, Success | take 1";
      expect((await ask(bench, query)).rows).toEqual([['us-va-ash-azr', true]]);
    }),
  );

  it(
    'divide as Kusto does: two longs to a long',
    onSimulator(async (bench) => {
      await bench.clock.sleep(600_000);
      const { columns, rows } = await ask(bench, 'AppRequests | summarize x = 1 / 2, y = 1.0 / 2');
      expect(columns.map(({ type }) => type)).toEqual(['long', 'real']);
      expect(rows).toEqual([[0, 0.5]]);
    }),
  );
});

describe('a query', () => {
  it.each([
    ['of a table that is not there', 'AppRequest | count', "'AppRequest'"],
    ['with a column that is not there', 'AppRequests | where Colour == 1', "'Colour'"],
    ['with an operator that is not known', 'AppRequests | join kind=inner (x) on y', "'join'"],
    ['with a function that is not known', 'AppRequests | where isutf8(Name)', "'isutf8'"],
    ['that compares what differs in type', 'AppRequests | where ResultCode >= 500', 'string'],
    ['that stops in the middle', 'AppRequests | where', 'a value'],
    ['with signs that mean nothing', 'AppRequests ; count', ';'],
  ])('%s is refused, with the reason', (_name, query, reason) =>
    onSimulator(async (bench) => {
      const asked = ask(bench, query);
      await expect(asked).rejects.toMatchObject({ effect: 'refused', code: 'BadArgumentError' });
      await expect(asked).rejects.toThrow(reason);
    })(),
  );

  it(
    'of an unknown workspace, without the right, or while its region is down gets no rows',
    onSimulator(async (bench) => {
      await expect(ask(bench, 'AppRequests', 'nowhere')).rejects.toMatchObject({ status: 404 });
      bench.simulator.control.outage('centralus', 'data');
      await expect(ask(bench, 'AppRequests')).rejects.toMatchObject({ effect: 'lost' });
      bench.simulator.control.deny({ action: 'Microsoft.OperationalInsights/*', scope: '' });
      await expect(ask(bench, 'AppRequests')).rejects.toMatchObject({ status: 403 });
    }),
  );
});
