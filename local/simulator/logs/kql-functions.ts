import { asDynamic, plainOf } from './kql-dynamic.ts';
import type { Expression, Row, Value } from './kql-expression.ts';
import { KNOWN, wrongQuery } from './kql-words.ts';

/** What a call comes to; aggregates look at all rows of their group. */
export function call(name: string, given: readonly Expression[], now: number): Expression {
  const [first, second, third] = given;
  const rest = given.length;
  if (name === 'now' && rest === 0) return { type: 'datetime', of: () => now };
  if (name === 'count' && rest === 0) return { type: 'long', of: (_row, group) => group.length };
  if (first === undefined) throw unknown(name);
  if (name === 'bin' && second !== undefined) return bin(first, second);
  if (name === 'iff' && second !== undefined && third !== undefined)
    return iff(first, second, third);
  if (rest > 1) throw unknown(name);
  return scalar(name, first, now) ?? aggregate(name, first);
}

function iff(condition: Expression, yes: Expression, no: Expression): Expression {
  if (yes.type !== no.type)
    throw wrongQuery('SemanticError', `iff gives a ${yes.type} or a ${no.type}, and may not.`);
  return {
    type: yes.type,
    of: (...on) => (condition.of(...on) === true ? yes.of(...on) : no.of(...on)),
  };
}

function scalar(name: string, given: Expression, now: number): Expression | null {
  if (name === 'parse_json') return { type: 'dynamic', of: (...on) => asDynamic(given.of(...on)) };
  const of = given.type === 'dynamic' ? plainOf(given) : given.of;
  const number = (...on: Parameters<Expression['of']>): Value => numberIn(of(...on));
  if (name === 'ago') return { type: 'datetime', of: (...on) => now - Number(of(...on)) };
  if (name === 'not') return { type: 'bool', of: (...on) => of(...on) !== true };
  if (name === 'isempty') return { type: 'bool', of: (...on) => isEmpty(of(...on)) };
  if (name === 'isnotempty') return { type: 'bool', of: (...on) => !isEmpty(of(...on)) };
  if (name === 'tostring') return { type: 'string', of: (...on) => String(of(...on) ?? '') };
  if (name === 'todouble') return { type: 'real', of: number };
  return name === 'tolong' || name === 'toint'
    ? { type: 'long', of: (...on) => truncated(number(...on)) }
    : null;
}

function numberIn(value: Value): Value {
  if (value === null || value === '') return null;
  const number = Number(value);
  return Number.isNaN(number) ? null : number;
}

function truncated(value: Value): Value {
  return typeof value === 'number' ? Math.trunc(value) : null;
}

function isEmpty(value: Value): boolean {
  return value === null || value === '';
}

function bin(value: Expression, step: Expression): Expression {
  return {
    type: value.type,
    of: (...on) => {
      const [given, size] = [Number(value.of(...on)), Number(step.of(...on))];
      return Math.floor(given / size) * size;
    },
  };
}

function aggregate(name: string, { type, of }: Expression): Expression {
  const values = (group: readonly Row[]): readonly Value[] => group.map((row) => of(row, [row]));
  const numbers = (group: readonly Row[]): readonly number[] =>
    values(group).filter((value) => typeof value === 'number');
  const total = (group: readonly Row[]): number =>
    numbers(group).reduce((left, right) => left + right, 0);
  const best = (group: readonly Row[], pick: (...of: number[]) => number): Value =>
    numbers(group).length === 0 ? null : pick(...numbers(group));
  const known: Readonly<Record<string, Expression>> = {
    countif: { type: 'long', of: (_, group) => values(group).filter((one) => one === true).length },
    dcount: { type: 'long', of: (_, group) => new Set(values(group)).size },
    sum: { type, of: (_, group) => total(group) },
    avg: {
      type: 'real',
      of: (_, group) => (group.length === 0 ? null : total(group) / group.length),
    },
    min: { type, of: (_, group) => best(group, Math.min) },
    max: { type, of: (_, group) => best(group, Math.max) },
  };
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found === undefined) throw unknown(name);
  return found;
}

function unknown(name: string): Error {
  return wrongQuery(
    'SemanticError',
    `The function '${name}' is not known here in this form. ${KNOWN}`,
  );
}
