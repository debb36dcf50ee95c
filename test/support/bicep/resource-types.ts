import { literal, partsOf, placeOf } from './syntax.ts';
import type { Node } from './syntax.ts';
import { bodyOf, propertiesOf } from './template.ts';
import type { Resource, Template } from './template.ts';
import type { KnownType, Properties, Type, TypesOf } from './type-data.ts';

const REQUIRED = 1;
const READ_ONLY = 2;
/** Bicep's own words in a resource's body. */
const WORDS = ['parent', 'scope', 'dependsOn'];
/** The compiler lets a deployment say where it is made, although the type data do not have it. */
const OF_DEPLOYMENTS = ['subscriptionId', 'resourceGroup'];

const SCOPES: Readonly<Record<string, number>> = { subscription: 4, resourceGroup: 8 };
const EXTENSION = 16;

const RECORD_ANEW = 'is not in the recorded type data: see npm run record-bicep-types';

/** What the compiler would say of a template's resources: their types, versions, places, properties and literal values. */
export function typeErrors(template: Template, typesOf: TypesOf): readonly string[] {
  return template.resources.flatMap((resource) => {
    const { type, version, node, body, isExisting } = resource;
    const known = typesOf(resource);
    if (known === null) return [`${placeOf(node)}: ${type}@${version} ${RECORD_ANEW}`];
    if (isExisting) return [];
    const words =
      type === 'Microsoft.Resources/deployments' ? [...WORDS, ...OF_DEPLOYMENTS] : WORDS;
    return [
      ...misplaced(resource, known, template.scope),
      ...judge(body, known.body, { known, of: type, words }),
    ];
  });
}

function misplaced(
  { node, type, body }: Resource,
  { scopes }: KnownType,
  ofFile: string,
): readonly string[] {
  const given = propertiesOf(body);
  const bit = given.has('scope') ? EXTENSION : (SCOPES[ofFile] ?? 0);
  return (scopes & bit) === 0
    ? [
        `${placeOf(node)}: ${type} cannot be deployed to a ${given.has('scope') ? 'resource' : ofFile}`,
      ]
    : [];
}

interface Spot {
  readonly known: KnownType;
  /** The path to it, for messages. */
  readonly of: string;
  /** Names that are not the type's, but the language's. */
  readonly words?: readonly string[];
}

/** Only what is written out can be judged: names and calls may be anything. */
function judge(value: Node, index: number, spot: Spot): readonly string[] {
  const expected = spot.known.at(index);
  const written = choices(value);
  if (expected === undefined)
    return written.some(({ type }) => WRITTEN_OUT.includes(type))
      ? [`${placeOf(value)}: ${spot.of} ${RECORD_ANEW}`]
      : [];
  return written.flatMap((one) => valueErrors(one, expected, spot));
}

/** What a value may be: both branches of a condition. */
function choices(value: Node): readonly Node[] {
  if (value.type === 'parenthesized_expression') return partsOf(value).flatMap(choices);
  return value.type === 'ternary_expression' ? partsOf(value).slice(1).flatMap(choices) : [value];
}

function valueErrors(value: Node, expected: Type, spot: Spot): readonly string[] {
  const { known, of } = spot;
  switch (expected.$type) {
    case 'ObjectType':
      return value.type === 'object'
        ? objectErrors(value, expected, spot)
        : wrongKind(value, of, 'object');
    case 'DiscriminatedObjectType': {
      if (value.type !== 'object') return wrongKind(value, of, 'object');
      const kind = literal(propertiesOf(value).get(expected.discriminator)) ?? '';
      const index = expected.elements[kind];
      if (index === undefined)
        return [`${placeOf(value)}: ${of} has no ${expected.discriminator} "${kind}"`];
      const chosen = known.at(index);
      if (chosen?.$type !== 'ObjectType') return [`${placeOf(value)}: ${of} ${RECORD_ANEW}`];
      const properties = { ...expected.baseProperties, ...chosen.properties };
      return objectErrors(value, { ...chosen, properties }, spot);
    }
    case 'ArrayType':
      return itemsOf(value)
        .flatMap((item) => judge(item, expected.itemType, { known, of: `${of}.[]` }))
        .concat(value.type === 'for_statement' ? [] : wrongKind(value, of, 'array'));
    case 'UnionType': {
      const options = expected.elements.flatMap((index) => known.at(index) ?? []);
      return options.some((option) => valueErrors(value, option, spot).length === 0)
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
      return [...wrongKind(value, of, 'string'), ...wrongLength(value, expected, of)];
    case 'IntegerType':
      return [...wrongKind(value, of, 'number'), ...wrongSize(value, expected, of)];
    case 'BooleanType':
      return wrongKind(value, of, 'boolean');
    case 'ResourceType':
    case 'AnyType':
    case 'NullType':
    case 'ResourceFunctionType':
      return [];
  }
}

function itemsOf(value: Node): readonly Node[] {
  if (value.type === 'for_statement') return [bodyOf(value)];
  return value.type === 'array' ? partsOf(value) : [];
}

const WRITTEN_OUT = ['object', 'array', 'string', 'number', 'boolean', 'for_statement'];

function wrongKind(value: Node, of: string, kind: string): readonly string[] {
  return WRITTEN_OUT.includes(value.type) && value.type !== kind
    ? [`${placeOf(value)}: ${of} is no ${value.type} but ${kind}`]
    : [];
}

function wrongLength(
  value: Node,
  { minLength = 0, maxLength = Infinity }: Extract<Type, { $type: 'StringType' }>,
  of: string,
): readonly string[] {
  const length = literal(value)?.length ?? minLength;
  return length < minLength || length > maxLength
    ? [`${placeOf(value)}: ${of} takes ${minLength} to ${maxLength} characters`]
    : [];
}

function wrongSize(
  value: Node,
  { minValue = -Infinity, maxValue = Infinity }: Extract<Type, { $type: 'IntegerType' }>,
  of: string,
): readonly string[] {
  return value.type === 'number' && (Number(value.text) < minValue || Number(value.text) > maxValue)
    ? [`${placeOf(value)}: ${of} takes ${minValue} to ${maxValue}`]
    : [];
}

function objectErrors(
  value: Node,
  expected: { readonly properties: Properties; readonly additionalProperties?: number | undefined },
  { known, of, words = [] }: Spot,
): readonly string[] {
  const given = propertiesOf(value);
  const { properties, additionalProperties } = expected;
  const missing = Object.entries(properties)
    .filter(([name, { flags }]) => isAsked(flags) && !given.has(name))
    .map(([name]) => `${placeOf(value)}: ${of} needs ${name}`);
  const wrong = [...given].flatMap(([name, node]) => {
    const one = properties[name];
    const spot = { known, of: `${of}.${name}` };
    if (words.includes(name)) return [];
    if (one === undefined)
      return additionalProperties === undefined
        ? [`${placeOf(node)}: ${of} has no ${name}`]
        : judge(node, additionalProperties, spot);
    return (one.flags & READ_ONLY) === 0
      ? judge(node, one.type, spot)
      : [`${placeOf(node)}: ${of}.${name} can only be read`];
  });
  return [...missing, ...wrong];
}

function isAsked(flags: number): boolean {
  return (flags & REQUIRED) !== 0 && (flags & READ_ONLY) === 0;
}
