import type { StepContext } from '../contract.ts';
import { probe } from '../probe.ts';
import { mayRepeat } from './settings.ts';
import type { Request, Settings } from './settings.ts';

export interface Outcome {
  readonly name: string;
  readonly url: string;
  readonly status: number | null;
  /** Null when the answer is as expected. */
  readonly problem: string | null;
}

export interface Played {
  readonly outcomes: readonly Outcome[];
  /** A request was answered that would have another effect if it were made again. */
  readonly left: boolean;
}

type Captured = Readonly<Record<string, unknown>>;

/** Plays the requests in order, up to the first whose answer is not as expected. */
export async function play(context: StepContext, { requests }: Settings): Promise<Played> {
  const outcomes: Outcome[] = [];
  let captured: Captured = {};
  let left = false;
  for (const request of requests) {
    const { outcome, body } = await make(context, request, captured);
    outcomes.push(outcome);
    left ||= outcome.status !== null && !mayRepeat(request);
    if (outcome.problem !== null) break;
    captured = { ...captured, ...pick(request, body) };
  }
  return { outcomes, left };
}

async function make(
  context: StepContext,
  request: Request,
  captured: Captured,
): Promise<{ readonly outcome: Outcome; readonly body: string }> {
  const { name, method, trustAnyCertificate } = request;
  const url = filled(request.url, captured);
  const body = bodyOf(request, captured);
  const json = body !== undefined && typeof request.body !== 'string';
  const headers: Record<string, string> = json ? { 'content-type': 'application/json' } : {};
  for (const [header, value] of Object.entries(request.headers)) {
    headers[header] = filled(value, captured);
  }
  const answer = await probe(context, {
    url,
    method,
    trustAnyCertificate,
    headers,
    ...(body === undefined ? {} : { body }),
  });
  if (answer.status === null) {
    return {
      outcome: { name, url, status: null, problem: `no answer: ${answer.reason}` },
      body: '',
    };
  }
  const problem = compare(request, answer.status, answer.body, captured);
  return { outcome: { name, url, status: answer.status, problem }, body: answer.body };
}

function compare(
  request: Request,
  status: number,
  body: string,
  captured: Captured,
): string | null {
  const { expect } = request;
  if (status !== expect.status) return `status ${status} instead of ${expect.status}`;
  if (expect.bodyIncludes !== undefined) {
    const text = filled(expect.bodyIncludes, captured);
    if (!body.includes(text)) return `the body does not contain "${text}"`;
  }
  const parsed = parse(body);
  for (const [path, wanted] of Object.entries(expect.json ?? {})) {
    const value = at(parsed, path);
    const expected = typeof wanted === 'string' ? filled(wanted, captured) : wanted;
    if (JSON.stringify(value) !== JSON.stringify(expected)) {
      return `${path} is ${value === undefined ? 'missing' : JSON.stringify(value)} instead of ${JSON.stringify(expected)}`;
    }
  }
  const absent = Object.entries(request.capture).find(([, path]) => at(parsed, path) === undefined);
  return absent === undefined ? null : `there is no ${absent[1]} to capture as ${absent[0]}`;
}

function pick(request: Request, body: string): Captured {
  const parsed = parse(body);
  return Object.fromEntries(
    Object.entries(request.capture).flatMap(([variable, path]) => {
      const value = at(parsed, path);
      return value === undefined ? [] : [[variable, value]];
    }),
  );
}

function bodyOf({ body }: Request, captured: Captured): string | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return filled(body, captured);
  return JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'string' ? filled(value, captured) : value,
  );
}

function filled(text: string, captured: Captured): string {
  return text.replace(/\$\{captured\.([^}]+)\}/g, (whole, variable: string) => {
    const value = captured[variable];
    return value === undefined ? whole : typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** `body.items.0.id`: the leading `body` stands for the whole. */
function at(whole: unknown, path: string): unknown {
  const keys = path.split('.');
  let value = whole;
  for (const key of keys[0] === 'body' ? keys.slice(1) : keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  return value;
}
