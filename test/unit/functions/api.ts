import { respond } from '../../../src/functions/http/route.ts';
import type { WebAnswer } from '../../../src/functions/http/exchange.ts';
import { ROUTES } from '../../../src/functions/routes.ts';
import type { Services } from '../../../src/functions/services.ts';
import type { DurableDoor } from '../../../src/orchestration/door.ts';

export interface Sent {
  readonly method?: string;
  readonly path: string;
  /** Null leaves one out that is sent otherwise. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: unknown;
  /** Sent as it is, instead of `body` as JSON. */
  readonly text?: string;
}

export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: Record<string, unknown>;
}

export const DOOR: DurableDoor = {
  start: async () => undefined,
  wake: async () => undefined,
  status: async () => 'running',
};

/** The API without a host: finds the route as the host would and hands the request to it. */
export function api(services: Services, reported: string[] = []): (sent: Sent) => Promise<Got> {
  return async ({ method = 'GET', path, headers = {}, body, text }) => {
    const url = new URL(path, 'https://switchover.example');
    const found = ROUTES.map((route) => ({
      route,
      params: matched(route.path, url.pathname),
    })).find(({ params }) => params !== null);
    if (found === undefined) throw new Error(`no route for ${url.pathname}`);
    const content = text ?? (body === undefined ? '' : JSON.stringify(body));
    const answer = await respond(
      found.route,
      {
        method,
        url: url.href,
        query: url.searchParams,
        params: found.params ?? {},
        headers: headersOf({
          ...(method === 'GET' ? {} : { 'content-type': 'application/json', 'x-switchover': '1' }),
          ...headers,
        }),
        text: async () => content,
      },
      { services, door: () => DOOR, report: (message) => reported.push(message) },
    );
    return got(answer);
  };
}

function headersOf(all: Readonly<Record<string, string | null>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(all)) if (value !== null) headers.set(name, value);
  return headers;
}

function got({ status, headers, body = '' }: WebAnswer): Got {
  const isJson = headers['content-type']?.includes('json') === true;
  return {
    status,
    headers,
    body,
    json: isJson ? (JSON.parse(body) as Record<string, unknown>) : {},
  };
}

function matched(template: string, path: string): Record<string, string> | null {
  const names: string[] = [];
  const pattern = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  });
  const match = new RegExp(`^/${pattern}$`).exec(path);
  if (match === null) return null;
  return Object.fromEntries(
    names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]),
  );
}
