/** A request as the doors of the host see it: header names in lower case, the body whole. */
export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array | null;
}

export function jsonAnswer(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer {
  if (body === undefined) return { status, headers, body: null };
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

export function emptyAnswer(status: number): HttpAnswer {
  return { status, headers: {}, body: null };
}

export function bodyText(call: HttpCall): string {
  return call.body === null ? '' : Buffer.from(call.body).toString('utf8');
}
