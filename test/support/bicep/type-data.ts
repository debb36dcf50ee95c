import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/*
 * The compiler's own knowledge of Azure, as https://github.com/Azure/bicep-types-az keeps it: for each provider and
 * version a list of types that refer to each other. What the files here need of it is kept beside the tests.
 */
const ref = z.union([
  z.number(),
  z.object({ $ref: z.string() }).transform(({ $ref }) => Number($ref.slice(2))),
]);
const property = z.object({ type: ref, flags: z.number() });
const type = z.discriminatedUnion('$type', [
  z.object({
    $type: z.literal('ResourceType'),
    name: z.string(),
    body: ref,
    writableScopes: z.number(),
  }),
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
    $type: z.literal('StringType'),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
  }),
  z.object({
    $type: z.literal('IntegerType'),
    minValue: z.number().optional(),
    maxValue: z.number().optional(),
  }),
  z.object({ $type: z.enum(['BooleanType', 'AnyType', 'NullType', 'ResourceFunctionType']) }),
]);
export type Type = z.infer<typeof type>;
export type Properties = Readonly<Record<string, z.infer<typeof property>>>;

/** A resource's type, and those that it refers to. */
export interface KnownType {
  /** Where it can be deployed, as bits: 4 a subscription, 8 a resource group, 16 another resource. */
  readonly scopes: number;
  readonly body: number;
  /** Undefined where the record does not reach. */
  at(index: number): Type | undefined;
}

/** Null for a type, or a version of it, that nobody knows. */
export type TypesOf = (resource: { type: string; version: string }) => KnownType | null;

export function typesIn(types: readonly Type[]): TypesOf {
  return ({ type: name, version }) => {
    const wanted = `${name}@${version}`.toLowerCase();
    const found = types.find(
      (one) => one.$type === 'ResourceType' && one.name.toLowerCase() === wanted,
    );
    return found?.$type === 'ResourceType'
      ? { scopes: found.writableScopes, body: found.body, at: (index) => types[index] }
      : null;
  };
}

/** From a clone of bicep-types-az, with or without a work tree. */
export function typesInClone(clone: string): TypesOf {
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', clone, ...words], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const files = git('ls-tree', '-r', '--name-only', 'HEAD', 'generated/').split('\n');
  return (resource) => {
    const [provider = ''] = resource.type.toLowerCase().split('/');
    const end = `/${provider}/${resource.version}/types.json`;
    for (const file of files.filter((one) => one.endsWith(end))) {
      const types = z.array(type).parse(JSON.parse(git('show', `HEAD:${file}`)));
      const known = typesIn(types)(resource);
      if (known !== null) return known;
    }
    return null;
  };
}

export const RECORD = 'test/fixtures/bicep-types.json';

export const record = z.object({
  source: z.string(),
  licence: z.string(),
  resources: z.record(
    z.string(),
    z.object({ scopes: z.number(), body: z.number(), types: z.record(z.string(), type) }),
  ),
});

/** From the extract that is kept here. */
export function recordedTypes(): TypesOf {
  const { resources } = record.parse(JSON.parse(readFileSync(RECORD, 'utf8')));
  return ({ type: name, version }) => {
    const found = resources[`${name}@${version}`];
    return found === undefined
      ? null
      : { scopes: found.scopes, body: found.body, at: (index) => found.types[index] };
  };
}
