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
  assertType(request, 'application/json', 'JSON');
  const text = await bodyOf(request, limitBytes);
  return conforming(parsed(text), schema, 'body');
}

/** Reads a body of YAML, as it was written. Its content type, too, is none that a form can have. */
export async function readYamlText(request: WebRequest, limitBytes: number): Promise<string> {
  assertType(request, YAML_TYPE, 'YAML');
  const text = await bodyOf(request, limitBytes);
  if (text.trim() !== '') return text;
  throw new SwitchoverError('REQUEST_MALFORMED', 'The body is empty: send the text of the plan.');
}

/** https://www.rfc-editor.org/rfc/rfc9512 */
export const YAML_TYPE = 'application/yaml';

function assertType({ headers }: WebRequest, wanted: string, what: string): void {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type === wanted) return;
  throw new SwitchoverError(
    'CONTENT_TYPE_UNSUPPORTED',
    `The body must be ${what} with the header content-type: ${wanted}${type === '' ? '.' : `, not ${String(type)}.`}`,
  );
}

async function bodyOf(request: WebRequest, limitBytes: number): Promise<string> {
  const text = await request.text();
  if (Buffer.byteLength(text) > limitBytes) throw tooLarge(limitBytes);
  return text;
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
