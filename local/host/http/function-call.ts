import { isRecord } from '../json.ts';
import type { TypedData } from '../functions/registrations.ts';
import { emptyAnswer } from './call.ts';
import type { HttpAnswer, HttpCall } from './call.ts';

/** The trigger's data of an HTTP function. */
export function httpTriggerData(
  call: HttpCall,
  params: Readonly<Record<string, string>>,
): TypedData {
  return {
    http: {
      method: call.method,
      url: call.url.href,
      headers: call.headers,
      nullableHeaders: nullable(call.headers),
      nullableQuery: nullable(Object.fromEntries(call.url.searchParams)),
      params,
      nullableParams: nullable(params),
      ...(call.body === null || call.body.length === 0 ? {} : { body: { bytes: call.body } }),
    },
  };
}

function nullable(values: Readonly<Record<string, string>>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

/** What an HTTP function returned; nothing at all is 204. */
export function httpAnswer(returned: TypedData | null): HttpAnswer {
  const http = returned?.http;
  if (!isRecord(http)) return emptyAnswer(204);
  const { statusCode, headers, cookies, body } = http;
  const given = isRecord(headers)
    ? Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
    : [];
  const baked = Array.isArray(cookies) ? cookies.filter(isRecord).map(cookieText) : [];
  const bytes = isRecord(body) && body['bytes'] instanceof Uint8Array ? body['bytes'] : null;
  return {
    status: Number(statusCode),
    headers: {
      ...Object.fromEntries(given),
      ...(baked.length === 0 ? {} : { 'set-cookie': baked }),
    },
    body: bytes === null || bytes.length === 0 ? null : bytes,
  };
}

const COOKIE_ATTRIBUTES = [
  ['domain', 'Domain'],
  ['path', 'Path'],
  ['maxAge', 'Max-Age'],
  ['secure', 'Secure'],
  ['httpOnly', 'HttpOnly'],
] as const;

const SAME_SITE: Readonly<Record<string, string>> = {
  lax: 'Lax',
  strict: 'Strict',
  explicitNone: 'None',
};

function cookieText(cookie: Record<string, unknown>): string {
  const parts = [`${String(cookie['name'])}=${String(cookie['value'])}`];
  for (const [property, attribute] of COOKIE_ATTRIBUTES) {
    const holder = cookie[property];
    const value = isRecord(holder) ? holder['value'] : undefined;
    if (value === true) parts.push(attribute);
    else if (typeof value === 'string' || typeof value === 'number')
      parts.push(`${attribute}=${value}`);
  }
  const { expires } = cookie;
  const at =
    isRecord(expires) && isRecord(expires['value'])
      ? Number(expires['value']['seconds'])
      : Number.NaN;
  if (!Number.isNaN(at)) parts.push(`Expires=${new Date(at * 1000).toUTCString()}`);
  const sameSite = SAME_SITE[String(cookie['sameSite'])];
  if (sameSite !== undefined) parts.push(`SameSite=${sameSite}`);
  return parts.join('; ');
}
