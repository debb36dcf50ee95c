import type { z } from 'zod';
import { SwitchoverError } from '../../core/errors.ts';
import type { WebRequest } from './exchange.ts';
import { whereJsonBreaks } from './json-position.ts';

/** Orders are short. */
const LIMIT_BYTES = 64 * 1024;

/**
 * Reads a JSON body. The content type is asked for because a page of another site can make a browser send a form with
 * the user's cookie, but not `application/json` without asking the app first (CORS).
 */
export async function readJson<T>(
  request: WebRequest,
  schema: z.ZodType<T>,
  limitBytes = LIMIT_BYTES,
): Promise<T> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new SwitchoverError(
      'CONTENT_TYPE_UNSUPPORTED',
      `The body must be JSON with the header content-type: application/json${type === '' ? '.' : `, not ${String(type)}.`}`,
    );
  }
  const text = await request.text();
  if (Buffer.byteLength(text) > limitBytes) throw tooLarge(limitBytes);
  return conforming(parsed(text), schema, 'body');
}

/** Query parameters as an object; one that is given twice is refused, since either could have been meant. */
export function readQuery<T>(request: WebRequest, schema: z.ZodType<T>): T {
  const entries = new Map<string, string>();
  for (const [name, value] of request.query) {
    if (entries.has(name)) {
      throw new SwitchoverError('REQUEST_INVALID', `query: ${name} is given twice.`);
    }
    entries.set(name, value);
  }
  return conforming(Object.fromEntries(entries), schema, 'query');
}

function parsed(text: string): unknown {
  if (text.trim() === '') {
    throw new SwitchoverError(
      'REQUEST_MALFORMED',
      'The body is empty: send what is asked for as JSON.',
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new SwitchoverError(
      'REQUEST_MALFORMED',
      `The body is no JSON: ${whereJsonBreaks(text)}.`,
    );
  }
}

function conforming<T>(value: unknown, schema: z.ZodType<T>, where: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const complaints = result.error.issues.map(
    (issue) => `${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`,
  );
  throw new SwitchoverError('REQUEST_INVALID', `${complaints.join('; ')}.`);
}

function tooLarge(limitBytes: number): SwitchoverError {
  return new SwitchoverError(
    'REQUEST_TOO_LARGE',
    `The body may have ${limitBytes} bytes at most; what is sent to this address is short.`,
  );
}
