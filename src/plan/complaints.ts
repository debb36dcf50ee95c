import { z } from 'zod';
import { counted } from '../core/counted.ts';
import type { Complaint, Path } from './problem.ts';
import { suggestion } from './suggestion.ts';

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly complaints: readonly Complaint[] };

/** Checks a value against a schema and says everything that is wrong in one voice, whoever wrote the schema. */
export function check<T>(schema: z.ZodType<T>, value: unknown, path: Path = []): Checked<T> {
  const parsed = schema.safeParse(value, { error: explain, reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    complaints: parsed.error.issues.flatMap((issue) => complaintsOf(issue, path)),
  };
}

/** For a schema that knows better words than its type's: `expected("a duration such as 90s")`. */
export function expected(what: string): (issue: RawIssue) => string {
  return (issue) => `expected ${what}, ${found(issue.input)}`;
}

export function found(value: unknown): string {
  if (value === undefined) return 'but it is missing';
  if (value === null) return 'found nothing (null)';
  if (Array.isArray(value)) return value.length === 0 ? 'found an empty list' : 'found a list';
  if (typeof value === 'object') return 'found a mapping';
  if (typeof value !== 'string') return `found ${JSON.stringify(value)}`;
  return `found "${value.length > 60 ? `${value.slice(0, 57)}...` : value}"`;
}

/** A refinement's own words say what was expected, hardly ever what was found. */
function withFound(message: string, value: unknown): string {
  const said = message.includes('found ') || value === null || typeof value === 'object';
  return said ? message : `${message}, ${found(value)}`;
}

function complaintsOf(issue: Issue, base: Path): Complaint[] {
  const path = [...base, ...issue.path.map((part) => (typeof part === 'symbol' ? '' : part))];
  switch (issue.code) {
    case 'unrecognized_keys': {
      // `explain` wrote one line a key.
      const lines = issue.message.split('\n');
      return issue.keys.map((key, index) => ({
        path: [...path, key],
        key: true,
        message: lines[index] ?? issue.message,
      }));
    }
    case 'invalid_key':
      return [{ path, key: true, message: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_union': {
      const closest = closestBranch(issue.errors);
      return closest === undefined
        ? [{ path, message: issue.message }]
        : closest.flatMap((inner) => complaintsOf(inner, path));
    }
    case 'custom':
      return [{ path, message: withFound(issue.message, issue.input) }];
    default:
      return [{ path, message: issue.message }];
  }
}

/** The alternative that was meant: of the right type, right the furthest, wrong in the fewest places. */
function closestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]): number =>
    Math.min(...issues.map(({ path }) => path.length));
  return branches
    .filter(
      (issues) => !issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
    )
    .toSorted((left, right) => depth(right) - depth(left) || left.length - right.length)[0];
}

function explain(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return expected(TYPES[issue.expected] ?? issue.expected)(issue);
    case 'invalid_value':
      return `expected ${choices(issue.values)}, ${found(issue.input)}${near(issue.input, issue.values)}`;
    case 'unrecognized_keys': {
      const known = knownKeys(issue.inst);
      return issue.keys.map((key) => unknownKey(key, known)).join('\n');
    }
    case 'too_small':
      return expected(`at least ${amount(issue.minimum, issue.origin)}`)(issue);
    case 'too_big':
      return expected(`at most ${amount(issue.maximum, issue.origin)}`)(issue);
    case 'not_multiple_of':
      return expected(`a multiple of ${String(issue.divisor)}`)(issue);
    case 'invalid_format':
      return expected(
        issue.format === 'regex' ? `text like ${String(issue.pattern)}` : `a valid ${issue.format}`,
      )(issue);
    case 'invalid_union':
      return expectedOneOf(issue);
    default:
      return expected('another value')(issue);
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  null: 'nothing (null)',
};

function knownKeys(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function unknownKey(key: string, known: readonly string[]): string {
  const allowed = known.length === 0 ? '' : `: expected ${known.join(', ')}`;
  return `unknown key "${key}"${allowed}${suggestion(key, known)}`;
}

function choices(values: readonly unknown[]): string {
  const words = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)));
  return words.length === 1 ? words.join() : `one of ${words.join(', ')}`;
}

function near(input: unknown, values: readonly unknown[]): string {
  if (typeof input !== 'string') return '';
  return suggestion(
    input,
    values.filter((value) => typeof value === 'string'),
  );
}

function amount(limit: number | bigint, origin: string): string {
  if (origin === 'array') return counted(Number(limit), 'item');
  if (origin === 'string') return counted(Number(limit), 'character');
  return String(limit);
}

function expectedOneOf(issue: z.core.$ZodRawIssue<z.core.$ZodIssueInvalidUnion>): string {
  if (issue.discriminator !== undefined && Array.isArray(issue.options)) {
    const options: readonly unknown[] = issue.options;
    const input = member(issue.input, issue.discriminator);
    return `expected ${choices(options)}, ${found(input)}${near(input, options)}`;
  }
  const types = issue.errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [TYPES[first.expected] ?? first.expected] : [],
  );
  return expected(types.length === 0 ? 'another value' : types.join(' or '))(issue);
}

function member(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null
    ? Object.entries(holder).find(([key]) => key === name)?.[1]
    : undefined;
}
