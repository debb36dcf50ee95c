import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';

/** Texts that parsers and patterns trip over. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  '../../..',
  '%2e%2e%2f',
  '${',
  '${from.${to.x}}',
  '${from.__proto__}',
  '${constructor.name}',
  '1e999',
  'P1Y',
  '-1s',
  '99999999999999999999h',
  '* * * * * *',
  '/subscriptions//resourceGroups//providers//',
  'http://[::1',
  'a'.repeat(20_000),
  '${'.repeat(5_000),
  '/'.repeat(20_000),
  `${'0'.repeat(20_000)}!`,
];

export const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

const anything: fc.Arbitrary<Json> = fc.oneof(
  hostile,
  fc.constantFrom<Json>(null, true, false, 0, -1, 1e308, 2 ** 53, [], {}, [[]], { value: null }),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** One change somewhere in a document: `where` in [0, 1) chooses the place among all. */
export interface Mutation {
  readonly where: number;
  readonly how: 'replace' | 'remove' | 'double' | 'rename' | 'wrap';
  readonly put: Json;
  readonly name: string;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  where: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
  how: fc.constantFrom('replace', 'remove', 'double', 'rename', 'wrap'),
  put: anything,
  name: hostile,
});

type Path = readonly (string | number)[];

export function mutated(document: Json, { where, how, put, name }: Mutation): Json {
  const paths = placesIn(document, []);
  const path = paths[Math.floor(where * paths.length)] ?? [];
  return at(document, path, (value) => {
    switch (how) {
      case 'replace':
      case 'remove':
        return how === 'remove' ? undefined : put;
      case 'wrap':
        return [value];
      case 'double':
        return Array.isArray(value) ? [value, value].flat() : { again: value };
      case 'rename':
        return isMapping(value)
          ? Object.fromEntries(
              Object.entries(value).map(([key, one], index) => [index === 0 ? name : key, one]),
            )
          : put;
    }
  });
}

function placesIn(value: Json, path: Path): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([key, part]: [string, Json]) =>
      placesIn(part, [...path, Array.isArray(value) ? Number(key) : key]),
    ),
  ];
}

function at(value: Json, path: Path, change: (value: Json) => Json | undefined): Json {
  const [first, ...rest] = path;
  if (first === undefined) return change(value) ?? null;
  if (Array.isArray(value)) {
    return (value as Json[]).flatMap((part, index) => {
      if (index !== first) return [part];
      const changed = rest.length === 0 ? change(part) : at(part, rest, change);
      return changed === undefined ? [] : [changed];
    });
  }
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => {
      if (key !== first) return [[key, part]];
      const changed = rest.length === 0 ? change(part) : at(part, rest, change);
      return changed === undefined ? [] : [[key, changed]];
    }),
  );
}

function isMapping(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
