import { setTimeout as pause } from 'node:timers/promises';
import type { Role, Target } from './target.ts';

export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Asking {
  readonly as?: Role;
  /** Makes it a POST; text is sent as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Speaks HTTP to the target in the name of a role. */
export async function ask(target: Target, path: string, asking: Asking = {}): Promise<Said> {
  const { as, body, headers = {} } = asking;
  const answer = await fetch(`${target.url}${path}`, {
    redirect: 'manual',
    headers: {
      ...(as === undefined ? {} : target.credentials[as]),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-switchover': '1' }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '');
  const parsed = isJson && text !== '' ? (JSON.parse(text) as Said['body']) : {};
  return { status: answer.status, headers: answer.headers, body: parsed, text };
}

const LOOK_MS = 500;

/** Looks, in real time, until the execution is in a state that `holds`, or the test's own patience ends. */
export async function untilState(
  target: Target,
  as: Role,
  id: string,
  holds: (state: string) => boolean,
): Promise<string> {
  for (;;) {
    const { status, body, text } = await ask(target, `/api/executions/${id}`, { as });
    if (status !== 200) throw new Error(`Execution ${id} is not shown: ${status} ${text}`);
    const state = String(body['state']);
    if (holds(state)) return state;
    await pause(LOOK_MS);
  }
}
