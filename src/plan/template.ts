import type { Json, JsonObject } from '../core/json.ts';
import type { Complaint, Path } from './problem.ts';
import { suggestion } from './suggestion.ts';

/** What the first word of a template stands for. */
export type Scope = Readonly<Record<string, Root>>;

/** `later` stays open: the step kind closes it while it runs, and only the names given there exist. */
type Root = { readonly values: JsonObject } | { readonly later: readonly string[] };

export interface Substituted<T extends Json = Json> {
  readonly value: T;
  readonly complaints: readonly Complaint[];
}

const TEMPLATE = /\$\{([^}]*)(\}?)/g;
const NAMES = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+$/;

export function holdsTemplate(text: string): boolean {
  return text.includes('${');
}

/** Closes every template in every string below `value`. What cannot be closed is left as written and complained of. */
export function substitute(value: Json, scope: Scope, path: Path = []): Substituted {
  if (typeof value === 'string') return substituteText(value, scope, path);
  if (typeof value !== 'object' || value === null) return { value, complaints: [] };
  if (isList(value)) {
    const parts = value.map((part, index) => substitute(part, scope, [...path, index]));
    return { value: parts.map((part) => part.value), complaints: parts.flatMap(complaintsOf) };
  }
  return substituteObject(value, scope, path);
}

export function substituteObject(
  value: JsonObject,
  scope: Scope,
  path: Path = [],
): Substituted<JsonObject> {
  const parts = Object.entries(value).map(
    ([key, part]) => [key, substitute(part, scope, [...path, key])] as const,
  );
  return {
    value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    complaints: parts.flatMap(([, part]) => complaintsOf(part)),
  };
}

function substituteText(text: string, scope: Scope, path: Path): Substituted {
  const complaints: Complaint[] = [];
  const closed = [...text.matchAll(TEMPLATE)].map((match) => {
    const found = lookUp(match[0], match[1] ?? '', match[2] === '}', scope);
    if ('wrong' in found) complaints.push({ path, message: found.wrong });
    return { written: match[0], start: match.index, value: 'wrong' in found ? match[0] : found.is };
  });
  const [only] = closed;
  if (only?.written === text) return { value: only.value, complaints };

  let result = '';
  let end = 0;
  for (const { written, start, value } of closed) {
    if (typeof value === 'object') {
      complaints.push({
        path,
        message: `${written} is ${shapeOf(value)}: it must stand alone, not inside a longer text`,
      });
    }
    result += text.slice(end, start) + (typeof value === 'object' ? written : String(value));
    end = start + written.length;
  }
  return { value: result + text.slice(end), complaints };
}

type Found = { readonly is: Json } | { readonly wrong: string };

function lookUp(written: string, inner: string, ended: boolean, scope: Scope): Found {
  if (!ended) return { wrong: `"${written}" begins a template that does not end: "}" is missing` };
  if (!NAMES.test(inner)) {
    return { wrong: `expected a template such as \${${example(scope)}}, found ${written}` };
  }
  const [root = '', ...names] = inner.split('.');
  const start = own(scope, root);
  if (start === undefined) {
    const roots = Object.keys(scope);
    return {
      wrong: `unknown name "${root}" in ${written}: expected ${roots.join(', ')}${suggestion(root, roots)}`,
    };
  }
  return 'later' in start
    ? lookUpLater(written, names, start.later)
    : descend(written, root, names, start.values);
}

function lookUpLater(written: string, names: readonly string[], later: readonly string[]): Found {
  const name = names.join('.');
  if (later.includes(name)) return { is: written };
  return {
    wrong: `unknown name "${name}" in ${written}: no request of this step captures it${suggestion(name, later)}`,
  };
}

function descend(written: string, root: string, names: readonly string[], start: Json): Found {
  let value = start;
  let reached = root;
  for (const name of names) {
    const next = typeof value === 'object' && value !== null ? own(value, name) : undefined;
    if (next === undefined) {
      const candidates = typeof value === 'object' && value !== null ? Object.keys(value) : [];
      return {
        wrong: `unknown name "${name}" in ${written}: ${reached} has no such name${suggestion(name, candidates)}`,
      };
    }
    value = next;
    reached = `${reached}.${name}`;
  }
  return { is: value };
}

/** Own and enumerable members only: neither `constructor` nor a list's `length`. */
function own<T>(holder: Readonly<Record<string, T>> | readonly T[], name: string): T | undefined {
  return Object.entries(holder).find(([key]) => key === name)?.[1];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function shapeOf(value: Json): string {
  if (value === null) return 'nothing (null)';
  return isList(value) ? 'a list' : 'a mapping';
}

function example(scope: Scope): string {
  return `${Object.keys(scope)[0] ?? 'from'}.name`;
}

function complaintsOf(part: Substituted): readonly Complaint[] {
  return part.complaints;
}
