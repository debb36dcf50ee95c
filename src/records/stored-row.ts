import type { JsonObject } from '../core/json.ts';

/** Rows as the Tables keep them: named strings. */
export type Properties = Readonly<Record<string, string>>;

/** A property holds 64 KiB of UTF-16. */
const PROPERTY_CHARACTERS = 32 * 1024;

/**
 * The value's JSON text, cut into `json0`, `json1`, …: nested objects, nulls and every number come back as they were,
 * which typed properties do not promise. A cut never parts a surrogate pair; half of one would not survive UTF-8.
 */
export function toProperties(value: JsonObject): Properties {
  const text = JSON.stringify(value);
  const properties: Record<string, string> = {};
  let start = 0;
  for (let part = 0; start < text.length; part += 1) {
    const end = start + PROPERTY_CHARACTERS;
    const cut = end < text.length && isHighSurrogate(text, end - 1) ? end - 1 : end;
    properties[`json${part}`] = text.slice(start, cut);
    start = cut;
  }
  return properties;
}

export function fromProperties(properties: Readonly<Record<string, unknown>>): JsonObject {
  const parts: string[] = [];
  for (let part = 0; ; part += 1) {
    const text = properties[`json${part}`];
    if (typeof text !== 'string') break;
    parts.push(text);
  }
  return JSON.parse(parts.join('')) as JsonObject;
}

function isHighSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800;
}
