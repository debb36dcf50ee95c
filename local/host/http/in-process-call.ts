import { parseOwn } from '../json.ts';
import type { HttpAnswer, HttpCall } from './call.ts';

/** A request to the app that needs no socket. */
export interface HostRequest {
  readonly method?: string;
  /** Absolute, or a path below the host's own address. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes go as they are; anything else as JSON. */
  readonly body?: unknown;
}

export interface HostResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  text(): string;
  /** The body parsed. */
  json(): unknown;
}

export function toCall(request: HostRequest, origin: string): HttpCall {
  const headers = Object.entries(request.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const { body } = request;
  const isJson = body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
  return {
    method: (request.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase(),
    url: new URL(request.url, origin),
    headers: {
      ...(isJson ? { 'content-type': 'application/json' } : {}),
      ...Object.fromEntries(headers),
    },
    body: body === undefined ? null : bytesOf(body),
  };
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

export function toResponse(answer: HttpAnswer): HostResponse {
  const body = answer.body ?? new Uint8Array();
  const text = (): string => Buffer.from(body).toString('utf8');
  return {
    status: answer.status,
    headers: answer.headers,
    body,
    text,
    json: () => parseOwn<unknown>(text()),
  };
}
