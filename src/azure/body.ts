import type { Json, JsonObject } from '../core/json.ts';

/** The body of an answer: undefined when it is no JSON (cut short, a proxy's page), null when it is empty. */
export function parseBody(text: string | null | undefined): Json | undefined {
  if (text === null || text === undefined || text.trim() === '') return null;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value;
  // Site Recovery writes its codes as numbers in strings; older services write the numbers themselves.
  return typeof value === 'number' ? String(value) : null;
}

/** `{error: {code, message}}`, or the same without the wrapper. */
export function errorIn(body: Json | undefined): { code: string | null; message: string | null } {
  const outer = isObject(body) ? body : {};
  const error = isObject(outer['error']) ? outer['error'] : outer;
  return { code: textOf(error['code']), message: messageIn(error) };
}

/** Log Analytics says "the request had some invalid properties", and what it means inside. */
function messageIn(error: JsonObject): string | null {
  const message = textOf(error['message']);
  const inner = error['innererror'];
  const within = isObject(inner) ? messageIn(inner) : null;
  return message === null || within === null ? (within ?? message) : `${message} ${within}`;
}
