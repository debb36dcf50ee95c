/** An HTTP request as a handler sees it: no host, no socket. `HttpRequest` of @azure/functions satisfies it. */
export interface WebRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly query: URLSearchParams;
  readonly params: Readonly<Record<string, string>>;
  text(): Promise<string>;
}

export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Answers say what state things are in now: nothing between us and the client may keep them. */
const COMMON = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WebAnswer {
  return answer(status, JSON.stringify(body), {
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
}

export function answer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): WebAnswer {
  return { status, headers: { ...COMMON, ...headers }, body };
}

export function empty(status: number, headers: Readonly<Record<string, string>>): WebAnswer {
  return { status, headers: { ...COMMON, ...headers } };
}
