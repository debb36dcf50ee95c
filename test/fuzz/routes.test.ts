import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { COMMANDS } from '../../src/core/execution.ts';
import { ROUTES } from '../../src/functions/routes.ts';
import type { Json } from '../../src/core/json.ts';
import { openStack, prepare, records, start } from '../support/failover.ts';
import { effort, patience } from './effort.ts';
import { hostile, mutated, mutation } from './mutate.ts';

const FEW = 300;
const errors: string[] = [];
let stack: VirtualStack;
let known: string;

/** One app for all requests, with an execution under way: what one request leaves behind, the next one meets. */
beforeAll(async () => {
  stack = await openStack({
    log: ({ level, message }) => {
      if (level === 'error') errors.push(message);
    },
  });
  await prepare(stack, 'planned');
  known = (await start(stack, { plan: 'websphere-cafe', mode: 'planned' })).id;
});
afterAll(() => {
  stack.crash();
  stack.clock.stop();
});

interface Question {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | undefined;
}

/** A good body for each address that takes one. */
const GOOD: Readonly<Record<string, readonly Json[]>> = {
  'api/plans/{name}/executions': [
    { kind: 'failover', mode: 'planned', reason: 'fuzz' },
    { kind: 'failover', mode: 'unplanned', reason: 'fuzz' },
    { kind: 'drill', level: 'dry-run', reason: 'fuzz' },
  ],
  'api/executions/{id}/commands': COMMANDS.map((command) => ({ command, reason: 'fuzz' })),
  'api/hold': [
    { lift: false, reason: 'fuzz' },
    { lift: true, reason: 'fuzz' },
  ],
  'api/plans/{name}/cooldown': [{ lift: true, reason: 'fuzz' }],
  'api/alerts': [
    {
      schemaId: 'azureMonitorCommonAlertSchema',
      data: {
        essentials: {
          alertId: 'a',
          alertRule: 'r',
          severity: 'Sev1',
          monitorCondition: 'Fired',
          firedDateTime: '2026-11-21T10:00:00Z',
          alertTargetIDs: ['/subscriptions/1'],
        },
      },
    },
  ],
};
/** Given the body that would fit, what is sent instead. */
type Spoil = (good: Json) => string | Uint8Array | undefined;
const spoiltJson = fc.array(mutation, { maxLength: 2 }).map(
  (mutations): Spoil =>
    (good) =>
      JSON.stringify(mutations.reduce(mutated, good)),
);
const instead = fc
  .oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    hostile,
    fc.uint8Array({ maxLength: 300 }),
    fc.constantFrom(
      '['.repeat(60_000),
      '"'.padEnd(70_000, 'x'),
      '{"a":'.repeat(10_000),
      '\ufeff{}',
    ),
    fc.constant(undefined),
  )
  .map(
    (text): Spoil =>
      () =>
        text,
  );
const spoil = fc.oneof({ weight: 3, arbitrary: spoiltJson }, { weight: 1, arbitrary: instead });
const pick = fc.nat({ max: 20 });
/** Segments as they may be written in an address: some encoded, some only half. */
const segment = fc.oneof(
  fc.constantFrom(
    'websphere-cafe',
    'KNOWN',
    'nothing',
    '%',
    '%00',
    '%2F',
    '%C3',
    '..',
    '%F0%9F%8C%8D',
    "o'hara",
    'a~b',
    '#',
    ';',
    '*',
  ),
  hostile.map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 3_000)),
);
const query = fc.oneof(
  fc.constant(''),
  fc.constantFrom(
    '?limit=-1',
    '?limit=9e99',
    '?limit=1&limit=2',
    '?after=',
    '?after=%00',
    '?state=running',
    '?fresh=true',
    '?plan=%FF',
    '?__proto__=1',
    `?after=${'A'.repeat(7_000)}`,
  ),
  fc.webQueryParameters().map((text) => `?${text}`),
);
const headerText = fc.oneof(
  fc.constantFrom(
    '',
    '*',
    'W/"x"',
    'x'.repeat(5_000),
    ',,,',
    'application/json',
    'text/markdown;q=x',
    '"',
  ),
  fc.stringMatching(/^[\x20-\x7e]{0,40}$/),
);
const headers = fc
  .record(
    {
      authorization: fc.oneof(
        {
          weight: 8,
          arbitrary: fc
            .constantFrom('viewer', 'operator', 'approver', 'administrator')
            .map((role) => `Bearer local:${role}`),
        },
        { weight: 1, arbitrary: headerText },
      ),
      'content-type': fc.oneof(
        { weight: 8, arbitrary: fc.constant('application/json') },
        { weight: 1, arbitrary: headerText },
      ),
      'x-switchover': fc.constant('1'),
      'idempotency-key': fc.oneof(
        { weight: 3, arbitrary: fc.stringMatching(/^[\x21-\x7e]{1,20}$/) },
        { weight: 1, arbitrary: headerText },
      ),
      'if-none-match': headerText,
      accept: headerText,
      'x-ms-client-principal': fc.oneof(
        headerText,
        fc.base64String(),
        fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64')),
      ),
    },
    { requiredKeys: ['authorization', 'content-type'] },
  )
  .map((given) => given as Record<string, string>);

const operation = fc.constantFrom(
  ...ROUTES.flatMap(({ path, methods }) =>
    Object.keys(methods).flatMap((method) =>
      Array.from({ length: method === 'POST' ? 4 : 1 }, () => ({ path, method })),
    ),
  ),
);
const strange = fc.record({
  path: fc.constantFrom(...ROUTES.map(({ path }) => path)),
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
});

const questions: fc.Arbitrary<Question> = fc
  .record({
    asked: fc.oneof({ weight: 9, arbitrary: operation }, { weight: 1, arbitrary: strange }),
    segment: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom('websphere-cafe', 'KNOWN') },
      segment,
    ),
    query: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, query),
    headers,
    spoil,
    pick,
  })
  .map(
    ({
      asked: { path, method },
      segment: id,
      query: parameters,
      headers: given,
      spoil: spoiled,
      pick: which,
    }) => ({
      method,
      url: `/${path.replace(/\{\w+\}/, id)}${parameters}`,
      headers: given,
      body: method === 'GET' ? undefined : spoiled(goodBody(path, which)),
    }),
  );

function goodBody(path: string, which: number): Json {
  const good = GOOD[path] ?? [{}];
  return good[which % good.length] ?? {};
}

it(
  'answers whatever is sent to a route by name, and starts nothing that was not asked for',
  () => fc.assert(fc.asyncProperty(questions, isAnswered), effort(FEW)),
  patience(FEW),
);

async function isAnswered(question: Question): Promise<void> {
  const url = question.url.replace('KNOWN', known);
  const before = { errors: errors.length, executions: await executionsKnown() };
  const { body: sent, ...rest } = question;
  const answer = await stack.host.fetch({
    ...rest,
    url,
    ...(sent === undefined ? {} : { body: sent }),
  });
  const type = String(answer.headers['content-type'] ?? '');
  // The platform itself turns away what has no route or no sign-in, with nothing to say.
  const isOurs = type !== '' || ![401, 404].includes(answer.status);
  if (answer.status >= 400 && isOurs) {
    expect(type).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({
      code: expect.stringMatching(/^[A-Z_]+$/) as string,
      detail: expect.stringMatching(/\S/) as string,
      status: answer.status,
    });
  }
  if (answer.status >= 500) expect(errors.slice(before.errors)).not.toEqual([]);
  expect(answer.status).not.toBe(500);
  if ((await executionsKnown()) > before.executions) {
    expect(answer.status).toBe(202);
    expect(isStart(question)).toBe(true);
  }
}

async function executionsKnown(): Promise<number> {
  return (await records(stack).recent(10_000)).length;
}

/** Written from the documentation, not from the code: what a request must hold to start something. */
function isStart({ method, url, headers: given, body: sent }: Question): boolean {
  if (method !== 'POST' || !/^\/api\/plans\/[^/]+\/executions(\?|$)/.test(url)) return false;
  if (typeof sent !== 'string' || !/^application\/json\s*(;|$)/i.test(given['content-type'] ?? ''))
    return false;
  const order = JSON.parse(sent) as Record<string, unknown>;
  return (
    ['failover', 'failback', 'drill'].includes(String(order['kind'])) &&
    ['planned', 'unplanned', undefined].includes(order['mode'] as string | undefined) &&
    typeof order['reason'] === 'string' &&
    order['reason'].trim() !== '' &&
    'x-switchover' in given &&
    /^Bearer local:(operator|administrator)$/.test(given['authorization'] ?? '')
  );
}
