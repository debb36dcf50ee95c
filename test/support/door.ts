import type { EventPage } from '../../src/functions/services.ts';
import type { RecordedEvent } from '../../src/core/events.ts';
import type { Evidence } from '../../src/report/evidence.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { openStack } from './failover.ts';

/** One stack for one test, put away whatever happened. */
export async function withStack(
  options: Parameters<typeof openStack>[0],
  work: (stack: VirtualStack) => Promise<void>,
): Promise<void> {
  const stack = await openStack(options);
  try {
    await work(stack);
  } finally {
    // Executions may still run: nothing waits for their ends.
    stack.crash();
    stack.clock.stop();
  }
}

export interface Question {
  readonly path: string;
  readonly method?: string;
  /** A role in lower case; null for nobody. Viewer when absent. */
  readonly as?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: JsonObject;
}

/** Any request through the HTTP door, as it is. */
export async function ask(stack: VirtualStack, question: Question): Promise<Reply> {
  const { path, method, as = 'viewer', headers, body } = question;
  const answer = await stack.host.fetch({
    url: path,
    ...(method === undefined ? {} : { method }),
    headers: {
      'x-switchover': '1',
      ...(as === null ? {} : { authorization: `Bearer local:${as}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  return {
    status: answer.status,
    type: String(answer.headers['content-type'] ?? ''),
    body: answer.text() === '' ? {} : (answer.json() as JsonObject),
  };
}

export async function eventsOf(stack: VirtualStack, id: string): Promise<readonly RecordedEvent[]> {
  const { body } = await ask(stack, { path: `/api/executions/${id}/events` });
  return (body as unknown as EventPage).events;
}

export async function evidenceOf(stack: VirtualStack, id: string): Promise<Evidence> {
  const { body } = await ask(stack, { path: `/api/executions/${id}/evidence` });
  return body as unknown as Evidence;
}

/** Lets virtual time pass. */
export async function pass({ clock }: VirtualStack, seconds: number): Promise<void> {
  await clock.run(() => clock.sleep(seconds * 1000));
}
