import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { literal, partsOf, placeOf } from './syntax.ts';
import type { Node } from './syntax.ts';
import { propertiesOf } from './template.ts';
import type { Resource } from './template.ts';

/** The compiler's own knowledge of Azure, as https://github.com/Azure/bicep-types-az keeps it: a list of types that refer to each other. */
const ref = z.object({ $ref: z.string() }).transform(({ $ref }) => Number($ref.slice(2)));
const property = z.object({ type: ref, flags: z.number() });
const type = z.discriminatedUnion('$type', [
  z.object({ $type: z.literal('ResourceType'), name: z.string(), body: ref }),
  z.object({
    $type: z.literal('ObjectType'),
    properties: z.record(z.string(), property),
    additionalProperties: ref.optional(),
  }),
  z.object({
    $type: z.literal('DiscriminatedObjectType'),
    discriminator: z.string(),
    baseProperties: z.record(z.string(), property),
    elements: z.record(z.string(), ref),
  }),
  z.object({ $type: z.literal('ArrayType'), itemType: ref }),
  z.object({ $type: z.literal('UnionType'), elements: z.array(ref) }),
  z.object({ $type: z.literal('StringLiteralType'), value: z.string() }),
  z.object({
    $type: z.enum([
      'StringType',
      'IntegerType',
      'BooleanType',
      'AnyType',
      'NullType',
      'ResourceFunctionType',
    ]),
  }),
]);
export type Type = z.infer<typeof type>;
type Properties = Readonly<Record<string, z.infer<typeof property>>>;

const REQUIRED = 1;
const READ_ONLY = 2;
/** Bicep's own words in a resource's body. */
const WORDS = ['parent', 'scope', 'dependsOn'];

export type ResourceTypes = (resource: Resource) => readonly Type[] | null;

/** From a clone of bicep-types-az, with or without a work tree. Null for a resource that is not among them. */
export function resourceTypes(clone: string): ResourceTypes {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', clone, ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const files = git('ls-tree', '-r', '--name-only', 'HEAD', 'generated/').split('\n');
  return ({ type: name, version }) => {
    const [provider = ''] = name.toLowerCase().split('/');
    const candidates = files.filter((file) => file.endsWith(`/${provider}/${version}/types.json`));
    for (const file of candidates) {
      const types = z.array(type).parse(JSON.parse(git('show', `HEAD:${file}`)));
      if (bodyType(types, name, version) !== undefined) return types;
    }
    return null;
  };
}

/** What the compiler would say of a resource's type, version, properties and literal values. */
export function typeErrors(resource: Resource, typesOf: ResourceTypes): readonly string[] {
  const { node, body, isExisting } = resource;
  const types = typesOf(resource);
  const name = `${resource.type}@${resource.version}`;
  const expected = types === null ? undefined : bodyType(types, resource.type, resource.version);
  if (types === null || expected === undefined)
    return [`${placeOf(node)}: no type ${name} is known`];
  if (isExisting) return [];
  return valueErrors(body, expected, types, resource.type, WORDS);
}

function bodyType(types: readonly Type[], name: string, version: string): Type | undefined {
  const wanted = `${name}@${version}`.toLowerCase();
  const found = types.find(
    (one) => one.$type === 'ResourceType' && one.name.toLowerCase() === wanted,
  );
  return found?.$type === 'ResourceType' ? types[found.body] : undefined;
}

/** Only what is written out can be judged: names and calls may be anything. */
function valueErrors(
  value: Node,
  expected: Type,
  types: readonly Type[],
  of: string,
  words: readonly string[] = [],
): readonly string[] {
  const inner = (node: Node, index: number, name: string): readonly string[] => {
    const next = types[index];
    return next === undefined ? [] : valueErrors(node, next, types, `${of}.${name}`);
  };
  switch (expected.$type) {
    case 'ObjectType':
      return value.type === 'object'
        ? objectErrors(value, expected, of, words, inner)
        : wrongKind(value, of, 'object');
    case 'DiscriminatedObjectType': {
      if (value.type !== 'object') return [];
      const kind = literal(propertiesOf(value).get(expected.discriminator)) ?? '';
      const chosen = types[expected.elements[kind] ?? -1];
      if (chosen?.$type !== 'ObjectType')
        return [`${placeOf(value)}: ${of} has no ${expected.discriminator} "${kind}"`];
      const properties = { ...expected.baseProperties, ...chosen.properties };
      return objectErrors(value, { ...chosen, properties }, of, words, inner);
    }
    case 'ArrayType': {
      if (value.type !== 'array') return wrongKind(value, of, 'array');
      return partsOf(value).flatMap((item) => inner(item, expected.itemType, '[]'));
    }
    case 'UnionType': {
      const options = expected.elements.flatMap((index) => types[index] ?? []);
      return options.some((option) => valueErrors(value, option, types, of).length === 0)
        ? []
        : [`${placeOf(value)}: ${of} cannot be ${value.text.slice(0, 40)}`];
    }
    case 'StringLiteralType': {
      const text = literal(value);
      return text === null || text === expected.value
        ? wrongKind(value, of, 'string')
        : [`${placeOf(value)}: ${of} cannot be '${text}'`];
    }
    case 'StringType':
      return wrongKind(value, of, 'string');
    case 'IntegerType':
      return wrongKind(value, of, 'number');
    case 'BooleanType':
      return wrongKind(value, of, 'boolean');
    default:
      return [];
  }
}

const WRITTEN_OUT = ['object', 'array', 'string', 'number', 'boolean'];

function wrongKind(value: Node, of: string, kind: string): readonly string[] {
  return WRITTEN_OUT.includes(value.type) && value.type !== kind
    ? [`${placeOf(value)}: ${of} is no ${value.type} but ${kind}`]
    : [];
}

function objectErrors(
  value: Node,
  expected: { readonly properties: Properties; readonly additionalProperties?: number | undefined },
  of: string,
  words: readonly string[],
  inner: (node: Node, index: number, name: string) => readonly string[],
): readonly string[] {
  const given = propertiesOf(value);
  const { properties, additionalProperties } = expected;
  const missing = Object.entries(properties)
    .filter(([name, { flags }]) => isAsked(flags) && !given.has(name))
    .map(([name]) => `${placeOf(value)}: ${of} needs ${name}`);
  const wrong = [...given].flatMap(([name, node]) => {
    const known = properties[name];
    if (words.includes(name)) return [];
    if (known === undefined)
      return additionalProperties === undefined
        ? [`${placeOf(node)}: ${of} has no ${name}`]
        : inner(node, additionalProperties, name);
    const isGiven = (known.flags & READ_ONLY) !== 0;
    return isGiven
      ? [`${placeOf(node)}: ${of}.${name} can only be read`]
      : inner(node, known.type, name);
  });
  return [...missing, ...wrong];
}

function isAsked(flags: number): boolean {
  return (flags & REQUIRED) !== 0 && (flags & READ_ONLY) === 0;
}
