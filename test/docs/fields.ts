/** A JSON schema as rows of a table: one for each field, those of inner objects under dotted names. */

export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface Field {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  /** As it would be written; null when there is none. */
  readonly byDefault: string | null;
  readonly about: string;
}

/** `definitions` are what `$ref` may name; those in `named` are not entered but called by their name. */
export function fieldsOf(schema: Schema, definitions: Schema, named: readonly string[]): Field[] {
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(asSchema(schema.properties)).flatMap(([name, value]) => {
    const field = followed(asSchema(value), definitions, named);
    return [
      {
        name,
        type: typeOf(field, definitions, named),
        required: required.includes(name),
        byDefault: defaultOf(field),
        about: text(field.description),
      },
      ...inner(field, definitions, named).map((one) => ({ ...one, name: `${name}${one.name}` })),
    ];
  });
}

function inner(field: Schema, definitions: Schema, named: readonly string[]): Field[] {
  const items = followed(asSchema(field.items), definitions, named);
  const values = followed(asSchema(field.additionalProperties), definitions, named);
  const branches = alternatives(field).map((one) => followed(one, definitions, named));
  const below = [
    ['.', field],
    ['[].', items],
    ['.NAME.', values],
    ...branches.map((branch) => ['.', branch] as const),
  ] as const;
  return below.flatMap(([joint, schema]) =>
    fieldsOf(schema, definitions, named).map((one) => ({ ...one, name: `${joint}${one.name}` })),
  );
}

/** That a template may stand for a value is said once for all. */
function alternatives({ anyOf }: Schema): Schema[] {
  const all = Array.isArray(anyOf) ? anyOf.map(asSchema) : [];
  return all.filter((one) => nameOf(one) !== 'template');
}

function followed(schema: Schema, definitions: Schema, named: readonly string[]): Schema {
  const name = nameOf(schema);
  if (name !== null) {
    return named.includes(name)
      ? schema
      : { ...asSchema(definitions[name]), ...without(schema, '$ref') };
  }
  const [only, ...others] = alternatives(schema);
  return only !== undefined && others.length === 0
    ? { ...followed(only, definitions, named), ...without(schema, 'anyOf') }
    : schema;
}

export function without(schema: Schema, keyword: string): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== keyword));
}

/** Any value at all has a definition that refers to itself; it is not worth a look inside. */
function typeOf(schema: Schema, definitions: Schema, named: readonly string[]): string {
  const name = nameOf(schema);
  if (name !== null) return named.includes(name) ? `a ${name}` : 'anything';
  if (schema.const !== undefined) return code(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map(code).join(', ');
  const choices = alternatives(schema);
  if (choices.length > 6 || (choices.length > 0 && choices.some((one) => one.type === 'null')))
    return 'anything';
  if (choices.length > 0) {
    return [...new Set(choices.map((one) => typeOf(one, definitions, named)))].join(' or ');
  }
  if (schema.type === 'array')
    return `list of ${typeOf(asSchema(schema.items), definitions, named)}`;
  if (schema.type === 'object') return schema.properties === undefined ? 'map' : 'object';
  if (text(schema.pattern).includes('ms|s|m|h|d')) return 'duration';
  return text(schema.type) || 'anything';
}

function nameOf({ $ref }: Schema): string | null {
  return typeof $ref === 'string' ? ($ref.split('/').at(-1) ?? null) : null;
}

/** Defaults of objects are those of their fields. */
function defaultOf({ default: value }: Schema): string | null {
  if (value === undefined || value === '') return null;
  return typeof value === 'object' && !Array.isArray(value) ? null : code(value);
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Schema)
    : {};
}

/** `|` ends a cell, also in code. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function fieldTable(fields: readonly Field[]): string {
  return table(
    ['field', 'what it is', 'default', 'meaning'],
    fields.map(({ name, type, required, byDefault, about }) => [
      `\`${name}\``,
      type,
      required ? '_required_' : (byDefault ?? ''),
      about,
    ]),
  );
}
