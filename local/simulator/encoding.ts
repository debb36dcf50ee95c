import type { WireResponse } from './service.ts';

/** An answer as it goes on the wire. */
export interface Encoded {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export function encodeResponse({ status, headers = {}, body }: WireResponse): Encoded {
  if (body === undefined) return { status, headers, text: '' };
  const type =
    typeof body === 'string' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  return {
    status,
    headers: { 'Content-Type': type, ...headers },
    text: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
