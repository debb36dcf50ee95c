import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineResponse } from '@azure/core-rest-pipeline';
import { seededRandom } from '../../local/simulator/random.ts';
import type { Json } from '../../src/core/json.ts';

/** Somebody else's host: nothing may be sent there, a token least of all. */
export const ELSEWHERE = 'https://elsewhere.example';

type Garble = (answer: PipelineResponse, random: () => number) => PipelineResponse;

/**
 * What comes back instead of Azure's answer, from a broken proxy or a service on a bad day. None of these claims that a
 * change was refused: what had an effect is never said to have had none, only not said at all.
 */
export const GARBLES = {
  'cut short': (answer, random) =>
    withBody(answer, textOf(answer).slice(0, Math.floor(random() * textOf(answer).length))),
  'another type': (answer, random) =>
    withBody(
      answer,
      pick(['[]', '"text"', '17', 'true', 'null', '[null]', '{"value":17}'], random),
    ),
  'one value of another type': (answer, random) =>
    withBody(answer, JSON.stringify(oddOne(parsed(answer), random))),
  'a value missing': (answer, random) =>
    withBody(answer, JSON.stringify(withoutOne(parsed(answer), random))),
  huge: (answer) => withBody(answer, JSON.stringify({ padding: 'x'.repeat(1_000_000) })),
  'deeply nested': (answer) => withBody(answer, `${'['.repeat(50_000)}${']'.repeat(50_000)}`),
  'no JSON': (answer) =>
    withHeaders(withBody(answer, '<html><body>Please sign in</body></html>'), {
      'content-type': 'text/html',
    }),
  'a redirect': (answer) =>
    withHeaders({ ...withBody(answer, ''), status: 307 }, { location: `${ELSEWHERE}/signin` }),
  'another content type': (answer) => withHeaders(answer, { 'content-type': 'application/x-yaml' }),
  'empty 200': (answer) => ({ ...withBody(answer, ''), status: 200 }),
  'no headers': (answer) => ({ ...answer, headers: createHttpHeaders() }),
  'an absurd Retry-After': (answer, random) =>
    withHeaders(answer, {
      'retry-after': pick(
        ['-5', '99999999999', 'soon', '1e9', 'Thu, 01 Jan 1970 00:00:00 GMT', '٣'],
        random,
      ),
    }),
  'addresses elsewhere': (answer) => elsewhere(answer),
} as const satisfies Readonly<Record<string, Garble>>;

export type GarbleName = keyof typeof GARBLES;
export const GARBLE_NAMES = Object.keys(GARBLES) as GarbleName[];

export interface Bad {
  readonly seed: number;
  readonly garbles: readonly GarbleName[];
  /** How many of a hundred answers, and for how long (milliseconds of the stack's time). */
  readonly percent: number;
  readonly from: number;
  readonly until: number;
}

export interface Seen {
  garbled: number;
  /** Requests that went where no Azure is. */
  readonly strayed: string[];
}

/** Stands between the app and Azure: the request arrives, and its answer is spoilt on the way back. */
export function spoilt(
  simulated: HttpClient,
  bad: Bad,
  { now, seen }: { readonly now: () => number; readonly seen: Seen },
): HttpClient {
  const random = seededRandom(bad.seed);
  return {
    async sendRequest(request) {
      if (request.url.startsWith(ELSEWHERE)) seen.strayed.push(`${request.method} ${request.url}`);
      const answer = await simulated.sendRequest(request);
      const isNow = now() >= bad.from && now() < bad.until;
      if (!isNow || answer.status >= 300 || random() * 100 >= bad.percent) return answer;
      seen.garbled += 1;
      return GARBLES[pick(bad.garbles, random)](answer, random);
    },
  };
}

function textOf({ bodyAsText }: PipelineResponse): string {
  return bodyAsText ?? '';
}

function parsed(answer: PipelineResponse): Json {
  const text = textOf(answer);
  return text === '' ? null : (JSON.parse(text) as Json);
}

function withBody(answer: PipelineResponse, bodyAsText: string): PipelineResponse {
  return { ...answer, bodyAsText };
}

function withHeaders(
  answer: PipelineResponse,
  changes: Readonly<Record<string, string>>,
): PipelineResponse {
  return { ...answer, headers: createHttpHeaders({ ...answer.headers.toJSON(), ...changes }) };
}

function elsewhere(answer: PipelineResponse): PipelineResponse {
  const moved = (text: string): string => text.replace(/https:\/\/[^/"]+/g, ELSEWHERE);
  const addresses = ['azure-asyncoperation', 'operation-location', 'location'];
  const headers = Object.fromEntries(
    Object.entries(answer.headers.toJSON()).map(([name, value]) => [
      name,
      addresses.includes(name) ? moved(value) : value,
    ]),
  );
  const body = textOf(answer).replace(/"nextLink":"[^"]*"/, moved);
  return { ...answer, bodyAsText: body, headers: createHttpHeaders(headers) };
}

const ODD: readonly Json[] = [null, 17, -1, '', 'x', true, [], {}, [null], 1e300];

function oddOne(value: Json, random: () => number): Json {
  if (typeof value !== 'object' || value === null || random() < 0.1) return pick(ODD, random);
  return changeOne(value, random, (part) => [oddOne(part, random)]);
}

function withoutOne(value: Json, random: () => number): Json {
  if (typeof value !== 'object' || value === null) return value;
  const deeper = random() < 0.7;
  return changeOne(value, random, (part) =>
    deeper && typeof part === 'object' && part !== null ? [withoutOne(part, random)] : [],
  );
}

function changeOne(
  value: Json & object,
  random: () => number,
  change: (part: Json) => readonly Json[],
): Json {
  const entries: [string, Json][] = Object.entries(value);
  const chosen = Math.floor(random() * entries.length);
  const changed = entries.flatMap(([key, part], index) =>
    index === chosen
      ? change(part).map((put): [string, Json] => [key, put])
      : [[key, part] as [string, Json]],
  );
  return Array.isArray(value) ? changed.map(([, part]) => part) : Object.fromEntries(changed);
}

function pick<T>(list: readonly T[], random: () => number): T {
  const picked = list[Math.floor(random() * list.length)];
  if (picked === undefined) throw new Error('Nothing to pick from.');
  return picked;
}
