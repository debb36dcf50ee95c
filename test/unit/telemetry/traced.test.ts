import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import type { ExecutionRecord, ExecutionState } from '../../../src/core/execution.ts';
import type { LogEntry } from '../../../src/core/log.ts';
import type { Entry, Executions } from '../../../src/records/executions.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { traced } from '../../../src/telemetry/traced.ts';

const AT = '2026-11-21T10:00:00.000Z';

function revision(before: ExecutionState, after: ExecutionState): Entry {
  const record = (state: ExecutionState) =>
    ({
      id: 'e-1',
      plan: 'cafe',
      kind: 'failover',
      mode: 'planned',
      from: 'east',
      to: 'west',
      requestedAt: AT,
      endedAt: AT,
      state,
      outcome: 'the words of the end',
    }) as unknown as ExecutionRecord;
  return {
    header: { before: { value: record(before), version: '1' }, after: record(after), events: [] },
  } as unknown as Entry;
}

/** The record of one execution, its collector, and what both were told. */
function bench(rows: () => Promise<[]> = async () => []) {
  const requests: PipelineRequest[] = [];
  const bodies: string[] = [];
  const log: LogEntry[] = [];
  const written: Entry[] = [];
  const http: HttpClient = {
    async sendRequest(request) {
      requests.push(request);
      if (typeof request.body === 'string') bodies.push(request.body);
      return { request, status: 200, headers: createHttpHeaders() };
    },
  };
  const record = {
    write: async (_id: string, _at: string, entry: Entry) => void written.push(entry),
    steps: rows,
    attempts: rows,
  } as unknown as Executions;
  const executions = traced(
    record,
    { endpoint: 'https://collector.example.com/otlp/', headers: { 'api-key': 'of-ours' } },
    { http, clock: systemClock, log: (entry) => void log.push(entry) },
  );
  const write = async (before: ExecutionState, after: ExecutionState): Promise<void> => {
    await executions.write('e-1', AT, revision(before, after));
    // What was begun beside it has come to its end when nothing is left to run.
    await new Promise(setImmediate);
  };
  return { requests, bodies, log, written, write };
}

describe('traces', () => {
  it('go to the collector as JSON, with the headers that it asks for', async () => {
    const { requests, write } = bench();
    await write('running', 'succeeded');
    expect(requests.map(({ url, method }) => [method, url])).toEqual([
      ['POST', 'https://collector.example.com/otlp/v1/traces'],
    ]);
    expect(requests[0]?.headers.get('api-key')).toBe('of-ours');
    expect(requests[0]?.headers.get('content-type')).toBe('application/json');
  });

  it.each<[ExecutionState, ExecutionState, number]>([
    ['preflight', 'refused', 1],
    ['compensating', 'compensated', 1],
    ['running', 'paused', 0],
    ['succeeded', 'succeeded', 0],
  ])('from %s to %s: %i of them', async (before, after, expected) => {
    const { requests, written, write } = bench();
    await write(before, after);
    expect(requests).toHaveLength(expected);
    expect(written).toHaveLength(1);
  });

  it.each<[ExecutionState, boolean]>([
    ['succeeded', false],
    ['cancelled', false],
    ['failed', true],
    ['compensated', true],
    ['refused', true],
  ])('of one that is %s are marked as failed: %s', async (state, isFailure) => {
    const { bodies, write } = bench();
    await write('running', state);
    const status = '"status":{"code":2,"message":"the words of the end"}';
    expect(bodies[0]?.includes(status)).toBe(isFailure);
  });

  it('have the same ids when they are sent twice', async () => {
    const { bodies, write } = bench();
    await write('running', 'succeeded');
    await write('running', 'succeeded');
    expect(bodies[1]).toBe(bodies[0]);
    expect(bodies[0]).toMatch(/"traceId":"[0-9a-f]{32}","spanId":"[0-9a-f]{16}"/);
  });

  it('that cannot be made are a line in the log, and nothing else', async () => {
    const { requests, log, written, write } = bench(async () => {
      throw new Error('the store is away');
    });
    await write('running', 'succeeded');
    expect([requests.length, written.length]).toEqual([0, 1]);
    expect(log[0]?.message).toContain('the store is away');
  });
});
