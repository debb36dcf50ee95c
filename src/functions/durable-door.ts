import { createHash } from 'node:crypto';
import { empty, json } from './exchange.ts';
import type { WebAnswer, WebRequest } from './exchange.ts';

/** Answers 304 to a client that has this very content already: clients that watch ask every two seconds. */
export function jsonWithTag(request: WebRequest, body: unknown): WebAnswer {
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('base64url');
  const etag = `"${digest.slice(0, 32)}"`;
  const headers = { etag, 'cache-control': 'no-cache' };
  return knows(request, etag) ? empty(304, headers) : json(200, body, headers);
}

/** A gateway that compresses answers makes the tag weak; If-None-Match compares weakly (RFC 9110, 13.1.2). */
function knows(request: WebRequest, etag: string): boolean {
  const known = (request.headers.get('if-none-match') ?? '').split(',');
  return known.some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');
}
