import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../../local/clock/virtual.ts';
import type { LogEntry } from '../../../src/core/log.ts';
import { systemHttp } from '../../../src/system/http.ts';
import { createTelemetry } from '../../../src/telemetry/sender.ts';
import type { Telemetry } from '../../../src/telemetry/sender.ts';
import { collector, keep } from '../../support/otlp.ts';

const AT = '2026-11-21T10:00:00.000Z';
const KEY = { endpoint: 'https://collector.example.com/otlp/', headers: { 'api-key': 'of-ours' } };
const RESOURCE = { 'service.name': 'switchover', 'service.version': '0.1.0' };
const PLAN = { 'switchover.plan': 'cafe' };

/** A sender on a clock of its own, with what it asked, what was heard, and what it logged. */
function bench(answer: (request: PipelineRequest) => Promise<number> = async () => 200) {
  const clock = createVirtualClock({ start: Date.parse(AT) });
  const requests: PipelineRequest[] = [];
  const heard = collector();
  const log: LogEntry[] = [];
  const http: HttpClient = {
    async sendRequest(request) {
      requests.push(request);
      const status = await answer(request);
      keep(heard, bodyOf(request));
      return { request, status, headers: createHttpHeaders() };
    },
  };
  const telemetry = createTelemetry(KEY, RESOURCE, {
    http,
    clock,
    log: (entry) => void log.push(entry),
  });
  const pass = (seconds: number, tell?: (to: Telemetry) => void): Promise<void> =>
    clock.run(async () => {
      tell?.(telemetry);
      await clock.sleep(seconds * 1000);
    });
  return { clock, telemetry, requests, heard, log, pass };
}

function bodyOf(request: PipelineRequest | undefined): string {
  return typeof request?.body === 'string' ? request.body : '';
}

const look = (to: Telemetry): void =>
  to.count('switchover.watch.verdicts', { ...PLAN, 'switchover.verdict': 'healthy' });
const say = (to: Telemetry, sentence = 'all is well'): void =>
  to.tell({
    ...{ event: 'switchover.watch.verdict', at: AT, severity: 'info', sentence },
    attributes: PLAN,
  });
const trace = (to: Telemetry): void =>
  to.trace([
    {
      ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'failover', kind: 'internal' },
      ...{ from: AT, to: AT, attributes: PLAN },
    },
  ]);

describe('what is told', () => {
  it('goes to the collector as JSON, with the headers that it asks for, each kind to its own door', async () => {
    const { requests, pass } = bench();
    await pass(60, (to) => [look, say, trace].forEach((tell) => tell(to)));
    expect(requests.map(({ url, method }) => `${method} ${url}`).sort()).toEqual([
      'POST https://collector.example.com/otlp/v1/logs',
      'POST https://collector.example.com/otlp/v1/metrics',
      'POST https://collector.example.com/otlp/v1/traces',
    ]);
    for (const { headers } of requests) {
      expect(headers.get('api-key')).toBe('of-ours');
      expect(headers.get('content-type')).toBe('application/json');
    }
  });

  it('is gathered, and sent as what came to it since the last time', async () => {
    const { heard, pass } = bench();
    await pass(60, (to) => [look, look, look].forEach((tell) => tell(to)));
    await pass(60, look);
    const [first, second] = heard.points;
    expect([first?.value, second?.value, heard.points.length]).toEqual([3, 1, 2]);
    expect(second?.from).toBe(first?.at);
  });

  it('leaves no timer behind: who tells nothing more is not asked for the time', async () => {
    const { clock, pass } = bench();
    await pass(60, look);
    const before = clock.now();
    await clock.runUntilIdle();
    expect(clock.now()).toBe(before);
  });

  it('falls into buckets by what it measured, ends and extremes included', async () => {
    const { requests, pass } = bench();
    const took = (seconds: number) => (to: Telemetry) =>
      to.measure('switchover.watch.tick.duration', seconds, { 'switchover.result': 'looked' });
    await pass(60, (to) => [0.5, 0.51, 9000].forEach((seconds) => took(seconds)(to)));
    const said = JSON.parse(bodyOf(requests[0])) as { resourceMetrics: unknown };
    expect(said.resourceMetrics).toMatchObject([
      {
        scopeMetrics: [
          {
            metrics: [
              {
                unit: 's',
                histogram: {
                  dataPoints: [
                    {
                      ...{ count: '3', sum: 9001.01, min: 0.5, max: 9000 },
                      bucketCounts: ['1', '1', ...Array<string>(10).fill('0'), '1'],
                    },
                  ],
                },
              },
            ],
          },
        ],
      },
    ]);
  });

  it('of how it stands is the last word', async () => {
    const { heard, pass } = bench();
    const overdue = (seconds: number) => (to: Telemetry) =>
      to.show('switchover.drill.overdue', seconds, { ...PLAN, 'switchover.level': 'live' });
    await pass(60, (to) => [60, 120].forEach((seconds) => overdue(seconds)(to)));
    expect(heard.points.map(({ value }) => value)).toEqual([120]);
  });
});

describe('a collector in trouble', () => {
  const silence = ({ abortSignal }: PipelineRequest): Promise<number> =>
    new Promise((_, reject) => {
      abortSignal?.addEventListener('abort', () => reject(new Error('aborted')));
    });

  it('that is slow is asked once at a time, and what is told meanwhile is bounded', async () => {
    const { requests, heard, pass, clock } = bench(async () => {
      await clock.sleep(9_000);
      return 200;
    });
    await pass(20, (to) => {
      for (let index = 0; index < 10_000; index += 1) {
        say(to, `sentence ${index}`);
        to.count('switchover.watch.verdicts', {
          ...{ 'switchover.plan': `plan-${index}`, 'switchover.verdict': 'healthy' },
        });
      }
    });
    await pass(60, say);
    expect(requests.filter(({ url }) => url.endsWith('logs'))).toHaveLength(2);
    expect([heard.records.length, heard.points.length]).toEqual([4097, 2000]);
    expect(heard.records[4095]?.sentence).toBe('sentence 9999');
  });

  it.each<[string, (request: PipelineRequest) => Promise<number>, string]>([
    ['refuses', async () => 403, 'it answered 403'],
    ['is nowhere', () => Promise.reject(new Error('api-key of-ours')), 'it cannot be reached'],
    ['never answers', silence, 'no answer within 10 s'],
  ])('that %s is one warning, and one word when it is back', async (_, fails, why) => {
    let answer = fails;
    const { log, pass, requests } = bench((request) => answer(request));
    for (let times = 0; times < 3; times += 1) await pass(60, say);
    answer = async () => 200;
    await pass(60, say);
    expect(requests).toHaveLength(4);
    expect(log.map(({ level }) => level)).toEqual(['warning', 'info']);
    expect(log[0]?.message).toContain(why);
    expect(JSON.stringify(log)).not.toContain('of-ours');
  });
});

describe('over a socket', () => {
  async function listening(
    answer: (request: IncomingMessage, response: ServerResponse) => void,
  ): Promise<{ endpoint: string; close: () => void }> {
    const server = createServer(answer);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      endpoint: `http://127.0.0.1:${port}`,
      close: () => {
        server.closeAllConnections();
        server.close();
      },
    };
  }

  /** Time that does not pass: what waits for it goes on at once, what limits an answer never does. */
  const clock = {
    now: () => Date.parse(AT),
    sleep: (_: number, signal?: AbortSignal) =>
      signal === undefined
        ? Promise.resolve()
        : new Promise<void>((_resolve, reject) => {
            signal.addEventListener('abort', () => reject(new Error('aborted')));
          }),
  };

  it.each<[string, (response: ServerResponse) => void, readonly string[]]>([
    ['takes it', (response) => response.end('{}'), []],
    ['answers nonsense', (response) => response.end('<html>'), []],
    ['hangs up', (response) => response.destroy(), ['warning']],
  ])('a collector that %s hears everything', async (_, answer, levels) => {
    const heard = collector();
    const log: LogEntry[] = [];
    const told = Promise.withResolvers<null>();
    const { endpoint, close } = await listening((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        keep(heard, Buffer.concat(pieces).toString());
        answer(response);
        told.resolve(null);
      });
    });
    const telemetry = createTelemetry({ endpoint, headers: {} }, RESOURCE, {
      ...{ http: systemHttp(), clock },
      log: (entry) => void log.push(entry),
    });
    say(telemetry, 'heard over the wire');
    await told.promise;
    await expect.poll(() => log.map(({ level }) => level)).toEqual(levels);
    close();
    expect(heard.records.map(({ sentence }) => sentence)).toEqual(['heard over the wire']);
  });
});
