import type { HttpClient } from '@azure/core-rest-pipeline';
import { describe, expect, test } from 'vitest';
import { createVirtualClock } from '../../../../local/clock/virtual.ts';
import { readSignals } from '../../../../src/health/signals/read.ts';
import type { Wanted } from '../../../../src/health/signals/source.ts';
import { createFakeAzure } from '../../../fakes/azure.ts';
import { pages, START } from '../../../fakes/step.ts';
import type { Page } from '../../../fakes/step.ts';
import { looks, NOW, wanted, words } from './stage.ts';

const url = 'http://cafe.example/';

describe('an http signal', () => {
  test.each<[string, Page, object, string]>([
    ['an answer', { status: 200 }, {}, 'good: status 200 after 0 s'],
    ['a redirect', { status: 302 }, {}, 'good: status 302 after 0 s'],
    ['a missing page', { status: 404 }, {}, 'bad: status 404 after 0 s'],
    ['an error of the server', { status: 503 }, {}, 'bad: status 503 after 0 s'],
    ['nobody there', null, {}, 'bad: connect ECONNREFUSED'],
    [
      'a status that is wanted',
      { status: 401 },
      { expect: { status: 401 } },
      'good: status 401 after 0 s',
    ],
    [
      'another status than those wanted',
      { status: 200 },
      { expect: { status: [401, 403] } },
      'bad: status 200 after 0 s instead of 401 or 403',
    ],
    [
      'a body as wanted',
      { status: 200, body: 'all is UP' },
      { expect: { bodyIncludes: 'UP' } },
      'good: status 200 after 0 s',
    ],
    [
      'a body of a page that only says sorry',
      { status: 200, body: 'sorry' },
      { expect: { bodyIncludes: 'UP' } },
      'bad: status 200 after 0 s, without "UP" in its body',
    ],
  ])('judges %s', async (_what, page, settings, expected) => {
    const seen = await looks([wanted('http', { url, ...settings })], {
      through: { http: pages(() => page) },
    });
    expect(words(seen)).toEqual([`health ${expected}`]);
    expect(seen[0]).toMatchObject({
      plan: 'cafe',
      site: 'east',
      signal: 'http',
      domain: 'our-network',
      at: NOW,
    });
  });

  test.each([
    ['slow', { slow: '4s' }, 4.5, 'bad: status 200 after 4.5 s, slower than 4 s'],
    ['slow, which nobody minds', {}, 4.5, 'good: status 200 after 4.5 s'],
    ['too late', {}, 5.5, 'bad: no answer within 5 s'],
    ['late, but in the time that it has', { timeout: '8s' }, 5.5, 'good: status 200 after 5.5 s'],
  ])('judges an answer that is %s', async (_what, settings, seconds, expected) => {
    const { seen } = await read([wanted('http', { url, ...settings })], seconds);
    expect(seen).toEqual([`health ${expected}`]);
  });

  test('asks once for all plans that want the same answer, each with its own judgement', async () => {
    const { seen, asked } = await read(
      [
        wanted('http', { url }, 'one'),
        wanted('http', { url, expect: { status: 418 } }, 'two'),
        wanted('http', { url, trustAnyCertificate: true }, 'three'),
      ],
      0,
    );
    expect(asked).toBe(2);
    expect(seen).toEqual([
      'health good: status 200 after 0 s',
      'health bad: status 200 after 0 s instead of 418',
      'health good: status 200 after 0 s',
    ]);
  });

  test('of a thousand silent sites ends inside its tick and finds them all bad', async () => {
    const sites = Array.from({ length: 1000 }, (_one, index) =>
      wanted('http', { url: `http://cafe-${index}.example/` }),
    );
    const { seen, seconds } = await read(sites, 60);
    expect(seconds).toBe(10);
    expect(new Set(seen)).toEqual(new Set(['health bad: no answer within 5 s']));
  });

  test('says so when there is no time left to ask, which is no judgement', async () => {
    const sites = Array.from({ length: 2000 }, (_one, index) =>
      wanted('http', { url: `http://cafe-${index}.example/` }),
    );
    const { seen, seconds } = await read(sites, 60);
    expect(seconds).toBe(13);
    const bad = seen.filter((one) => one === 'health bad: no answer within 5 s');
    const unclear = seen.filter((one) => one.startsWith('health unclear: '));
    expect([bad.length, unclear.length]).toEqual([1000, 1000]);
    expect(unclear).toContain('health unclear: there was no time left to ask');
  });
});

/** All answers take so many virtual seconds. */
async function read(
  ask: readonly Wanted[],
  seconds: number,
): Promise<{ seen: readonly string[]; asked: number; seconds: number }> {
  const clock = createVirtualClock({ start: START });
  let asked = 0;
  const slow: HttpClient = {
    async sendRequest(request) {
      asked += 1;
      await clock.sleep(seconds * 1000, request.abortSignal as AbortSignal);
      return pages(() => ({ status: 200 })).sendRequest(request);
    },
  };
  return clock.run(async () => {
    const seen = await readSignals(
      {
        azure: createFakeAzure().access,
        http: slow,
        clock,
        planStates: { lag: async () => null },
        alerts: { since: async () => [] },
      },
      ask,
    );
    return { seen: words(seen), asked, seconds: (clock.now() - START) / 1000 };
  });
}
