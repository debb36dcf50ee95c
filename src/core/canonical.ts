import canonicalize from 'canonicalize';

/**
 * RFC 8785: one text for one JSON value, whatever the order of its keys. Hashes are taken of this form only. The RFC
 * forbids lone surrogates, which a service's cut-off message may hold: they count as U+FFFD, as UTF-8 would have them.
 */
export function canonicalText(value: unknown): string {
  const text = canonicalize(wellFormed(value));
  if (text === undefined) throw new TypeError('Only JSON values have a canonical text.');
  return text;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.toWellFormed(), wellFormed(member)]),
  );
}
