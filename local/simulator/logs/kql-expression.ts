import { member } from './kql-dynamic.ts';
import { call } from './kql-functions.ts';
import { KNOWN, wrongQuery, type Word } from './kql-words.ts';

export type Type = 'string' | 'long' | 'real' | 'bool' | 'datetime' | 'timespan' | 'dynamic';
/** Instants and spans are milliseconds; a dynamic is its JSON. */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;
export type Columns = ReadonlyMap<string, Type>;

/** An expression that is known to make sense for the columns. Aggregates look at all rows of their group. */
export interface Expression {
  readonly type: Type;
  readonly of: (row: Row, group: readonly Row[]) => Value;
}

/** The words of a query, read once from left to right. */
export class Reader {
  readonly #words: readonly Word[];
  readonly now: number;
  #at = 0;

  constructor(words: readonly Word[], now: number) {
    this.#words = words;
    this.now = now;
  }

  get done(): boolean {
    return this.#at === this.#words.length;
  }

  next(): Word | undefined {
    return this.#words[this.#at++];
  }

  /** Takes the next word when it is this one. */
  take(...texts: readonly string[]): string | null {
    const word = this.#words[this.#at];
    const fits = word !== undefined && word.is !== 'text' && texts.includes(word.text);
    if (!fits) return null;
    this.#at++;
    return word.text;
  }

  need(text: string): void {
    if (this.take(text) === null) throw this.lost(`'${text}'`);
  }

  name(): string {
    const word = this.next();
    if (word?.is === 'name') return word.text;
    this.#at--;
    throw this.lost('a name');
  }

  /** `name =` at the beginning of an assignment; null, and nothing is read, when there is none. */
  assigned(): string | null {
    const [word, sign] = this.#words.slice(this.#at, this.#at + 2);
    if (word?.is !== 'name' || sign?.text !== '=' || sign.is !== 'sign') return null;
    this.#at += 2;
    return word.text;
  }

  /** What Kusto calls a column that has no name: `count_`, `countif_`, `avg_DurationMs`, `TimeGenerated` of a bin. */
  spelled(): string {
    const [word, bracket, inner] = this.#words.slice(this.#at, this.#at + 3);
    if (word?.is !== 'name' || bracket?.text !== '(') return word?.text ?? '';
    const column = inner?.is === 'name' ? inner.text : '';
    if (word.text === 'bin') return column;
    return ['count', 'countif'].includes(word.text) ? `${word.text}_` : `${word.text}_${column}`;
  }

  /** What stands in quotes. */
  text(): string {
    const word = this.next();
    if (word?.is === 'text') return word.text;
    this.#at--;
    throw this.lost('a text in quotes');
  }

  lost(expected: string): Error {
    const found = this.#words[this.#at]?.text ?? 'the end';
    return wrongQuery('SyntaxError', `Expected ${expected}, found '${found}'. ${KNOWN}`);
  }
}

type Parse = (reader: Reader, columns: Columns) => Expression;

export const expression: Parse = (reader, columns) => {
  let left = conjunction(reader, columns);
  while (reader.take('or') !== null) {
    const [first, second] = [left, conjunction(reader, columns)];
    left = { type: 'bool', of: (...on) => first.of(...on) === true || second.of(...on) === true };
  }
  return left;
};

const conjunction: Parse = (reader, columns) => {
  let left = comparison(reader, columns);
  while (reader.take('and') !== null) {
    const [first, second] = [left, comparison(reader, columns)];
    left = { type: 'bool', of: (...on) => first.of(...on) === true && second.of(...on) === true };
  }
  return left;
};

const COMPARISONS: Readonly<Record<string, (left: Value, right: Value) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '=~': (left, right) => lower(left) === lower(right),
  '<': (left, right) => left !== null && right !== null && left < right,
  '<=': (left, right) => left !== null && right !== null && left <= right,
  '>': (left, right) => left !== null && right !== null && left > right,
  '>=': (left, right) => left !== null && right !== null && left >= right,
  contains: (left, right) => lower(left).includes(lower(right)),
  startswith: (left, right) => lower(left).startsWith(lower(right)),
  has: (left, right) =>
    lower(left)
      .split(/[^a-z0-9]+/)
      .includes(lower(right)),
};

const comparison: Parse = (reader, columns) => {
  const left = sum(reader, columns);
  if (reader.take('in') !== null) {
    const among = listOf(reader, columns);
    return { type: 'bool', of: (...on) => among.some((one) => one.of(...on) === left.of(...on)) };
  }
  const sign = reader.take(...Object.keys(COMPARISONS));
  const compare = sign === null ? undefined : COMPARISONS[sign];
  if (compare === undefined || sign === null) return left;
  const right = sum(reader, columns);
  if (kindOf(left.type) !== kindOf(right.type)) {
    throw wrongQuery(
      'SemanticError',
      `A ${left.type} cannot be compared (${sign}) with a ${right.type}.`,
    );
  }
  return { type: 'bool', of: (...on) => compare(left.of(...on), right.of(...on)) };
};

const sum: Parse = (reader, columns) => {
  let left = product(reader, columns);
  for (let sign = reader.take('+', '-'); sign !== null; sign = reader.take('+', '-')) {
    left = arithmetic(sign, left, product(reader, columns));
  }
  return left;
};

const product: Parse = (reader, columns) => {
  let left = primary(reader, columns);
  for (let sign = reader.take('*', '/'); sign !== null; sign = reader.take('*', '/')) {
    left = arithmetic(sign, left, primary(reader, columns));
  }
  return left;
};

/** Two longs divide to a long, as in Kusto: `countif(…) / count()` is 0 until all are counted. */
function arithmetic(sign: string, left: Expression, right: Expression): Expression {
  const type = resultOf(sign, left.type, right.type);
  if (type === null)
    throw wrongQuery('SemanticError', `${left.type} ${sign} ${right.type} is not known here.`);
  return {
    type,
    of: (...on) => {
      const [first, second] = [left.of(...on), right.of(...on)];
      if (typeof first !== 'number' || typeof second !== 'number') return null;
      if (sign === '+') return first + second;
      if (sign === '-') return first - second;
      if (sign === '*') return first * second;
      if (second === 0) return null;
      return type === 'long' ? Math.trunc(first / second) : first / second;
    },
  };
}

function resultOf(sign: string, left: Type, right: Type): Type | null {
  const isNumber = (type: Type): boolean => type === 'long' || type === 'real';
  if (isNumber(left) && isNumber(right))
    return left === 'long' && right === 'long' ? 'long' : 'real';
  if (left === 'datetime' && right === 'timespan' && '+-'.includes(sign)) return 'datetime';
  return left === 'datetime' && right === 'datetime' && sign === '-' ? 'timespan' : null;
}

/** A dynamic may be looked into: `said.what`, `Properties["switchover.plan"]`. */
const primary: Parse = (reader, columns) => {
  let found = single(reader, columns);
  for (let sign = reader.take('.', '['); sign !== null; sign = reader.take('.', '[')) {
    if (found.type !== 'dynamic')
      throw wrongQuery('SemanticError', `A ${found.type} has nothing to look into.`);
    found = member(found, sign === '.' ? reader.name() : reader.text());
    if (sign === '[') reader.need(']');
  }
  return found;
};

const single: Parse = (reader, columns) => {
  if (reader.take('(') !== null) {
    const inner = expression(reader, columns);
    reader.need(')');
    return inner;
  }
  const word = reader.next();
  if (word === undefined) throw reader.lost('a value');
  if (word.is === 'text') return { type: 'string', of: () => word.text };
  if (word.is === 'span') return { type: 'timespan', of: () => word.value };
  if (word.is === 'number')
    return { type: word.text.includes('.') ? 'real' : 'long', of: () => word.value };
  if (word.is === 'sign') throw wrongQuery('SyntaxError', `'${word.text}' is no value. ${KNOWN}`);
  if (word.text === 'true' || word.text === 'false')
    return { type: 'bool', of: () => word.text === 'true' };
  if (reader.take('(') !== null) return call(word.text, argumentsOf(reader, columns), reader.now);
  const type = columns.get(word.text);
  if (type !== undefined) return { type, of: (row) => row[word.text] ?? null };
  throw wrongQuery(
    'SemanticError',
    `Failed to resolve column or scalar expression named '${word.text}'.`,
  );
};

function listOf(reader: Reader, columns: Columns): readonly Expression[] {
  reader.need('(');
  return argumentsOf(reader, columns);
}

function argumentsOf(reader: Reader, columns: Columns): readonly Expression[] {
  if (reader.take(')') !== null) return [];
  const found = [expression(reader, columns)];
  while (reader.take(',') !== null) found.push(expression(reader, columns));
  reader.need(')');
  return found;
}

function kindOf(type: Type): string {
  return type === 'real' ? 'long' : type;
}

function lower(value: Value): string {
  return String(value ?? '').toLowerCase();
}
