import { expression, Reader, type Columns, type Expression, type Row } from './kql-expression.ts';
import { KNOWN, wordsOf, wrongQuery } from './kql-words.ts';

export interface Table {
  readonly columns: Columns;
  readonly rows: readonly Row[];
}

/**
 * A small honest part of KQL, with Kusto's types where they change results. What is not known is refused, never
 * overlooked.
 */
export function runQuery(query: string, tables: ReadonlyMap<string, Table>, now: number): Table {
  const reader = new Reader(wordsOf(query), now);
  const name = reader.name();
  const table = tables.get(name);
  if (table === undefined) {
    throw wrongQuery(
      'SemanticError',
      `Failed to resolve table or column expression named '${name}'. Tables here: ${[...tables.keys()].join(', ')}.`,
    );
  }
  let result = table;
  while (!reader.done) {
    reader.need('|');
    const operator = reader.name();
    const apply = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
    if (apply === undefined)
      throw wrongQuery('SyntaxError', `The operator '${operator}' is not known here. ${KNOWN}`);
    result = apply(result, reader);
  }
  return result;
}

type Operator = (table: Table, reader: Reader) => Table;

const OPERATORS: Readonly<Record<string, Operator>> = {
  where: ({ columns, rows }, reader) => {
    const condition = expression(reader, columns);
    return { columns, rows: rows.filter((row) => condition.of(row, [row]) === true) };
  },
  extend: ({ columns, rows }, reader) => {
    const added = assignments(reader, columns);
    return {
      columns: new Map([...columns, ...typesOf(added)]),
      rows: rows.map((row) => ({ ...row, ...valuesOf(added, row, [row]) })),
    };
  },
  project: ({ columns, rows }, reader) => {
    const kept = assignments(reader, columns);
    return { columns: typesOf(kept), rows: rows.map((row) => valuesOf(kept, row, [row])) };
  },
  summarize,
  order: sorted,
  sort: sorted,
  take: limited,
  limit: limited,
  count: ({ rows }) => ({ columns: new Map([['Count', 'long']]), rows: [{ Count: rows.length }] }),
};

function summarize({ columns, rows }: Table, reader: Reader): Table {
  const measures = assignments(reader, columns);
  const keys = reader.take('by') === null ? [] : assignments(reader, columns);
  const groups = Map.groupBy(rows, (row) => JSON.stringify(valuesOf(keys, row, [row])));
  // Without keys there is one group, however empty.
  const all = keys.length === 0 ? [rows] : [...groups.values()];
  return {
    columns: new Map([...typesOf(keys), ...typesOf(measures)]),
    rows: all.map((group) => {
      const [first = {}] = group;
      return { ...valuesOf(keys, first, group), ...valuesOf(measures, first, group) };
    }),
  };
}

/** Descending unless it says `asc`, as in Kusto. */
function sorted({ columns, rows }: Table, reader: Reader): Table {
  reader.need('by');
  const key = expression(reader, columns);
  const direction = reader.take('asc', 'desc') === 'asc' ? 1 : -1;
  const of = (row: Row): string | number => {
    const value = key.of(row, [row]);
    return typeof value === 'string' ? value : Number(value);
  };
  return {
    columns,
    rows: rows.toSorted((left, right) =>
      of(left) === of(right) ? 0 : direction * (of(left) < of(right) ? -1 : 1),
    ),
  };
}

function limited({ columns, rows }: Table, reader: Reader): Table {
  const word = reader.next();
  if (word?.is !== 'number') throw reader.lost('a number');
  return { columns, rows: rows.slice(0, word.value) };
}

type Assignments = readonly (readonly [name: string, value: Expression])[];

/** `name = expression, …`; a column, or a call, by itself goes by its own name, `count_` as in Kusto. */
function assignments(reader: Reader, columns: Columns): Assignments {
  const found: [string, Expression][] = [];
  do {
    const given = reader.assigned();
    const own = given ?? reader.spelled();
    found.push([own, expression(reader, columns)]);
  } while (reader.take(',') !== null);
  return found;
}

function typesOf(found: Assignments): Columns {
  return new Map(found.map(([name, { type }]) => [name, type]));
}

function valuesOf(found: Assignments, row: Row, group: readonly Row[]): Row {
  return Object.fromEntries(found.map(([name, { of }]) => [name, of(row, group)]));
}
