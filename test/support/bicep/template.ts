import { all, literal, partsOf } from './syntax.ts';
import type { Node } from './syntax.ts';

export interface Declared {
  readonly name: string;
  readonly node: Node;
}
export interface Parameter extends Declared {
  readonly isRequired: boolean;
  readonly isSecure: boolean;
}
export interface Resource extends Declared {
  /** `Microsoft.Web/sites/config` */
  readonly type: string;
  readonly version: string;
  readonly isExisting: boolean;
  readonly body: Node;
}
export interface Module extends Declared {
  readonly path: string;
  readonly params: readonly Declared[];
  /** Says where it is deployed; without, where its file is. */
  readonly hasScope: boolean;
}

/** What a Bicep file declares. */
export interface Template {
  readonly scope: string;
  readonly parameters: readonly Parameter[];
  readonly variables: readonly Declared[];
  readonly resources: readonly Resource[];
  readonly modules: readonly Module[];
  readonly outputs: readonly Declared[];
}

export function templateOf(root: Node): Template {
  const statements = partsOf(root);
  const of = (kind: string): readonly Node[] => statements.filter(({ type }) => type === kind);
  return {
    scope: literal(of('target_scope_assignment').flatMap(partsOf)[0]) ?? 'resourceGroup',
    parameters: of('parameter_declaration').map((node) => parameter(node, statements)),
    variables: of('variable_declaration').map(named),
    resources: of('resource_declaration').flatMap((node) => resourcesOf(node, null)),
    modules: of('module_declaration').map(moduleOf),
    outputs: of('output_declaration').map(named),
  };
}

/** The properties of an object, by their names; those with a computed name are left out. */
export function propertiesOf(object: Node): ReadonlyMap<string, Node> {
  return new Map(
    partsOf(object).flatMap((property) => {
      const [key, value] = partsOf(property);
      const name = key?.type === 'string' ? literal(key) : key?.text;
      return value === undefined || name === undefined || name === null ? [] : [[name, value]];
    }),
  );
}

/** The object that a declaration deploys: once, on a condition, or for each of a list. */
export function bodyOf(node: Node): Node {
  const last = partsOf(node).at(-1);
  if (last === undefined) throw new Error(`Nothing is declared: ${node.text}`);
  return ['if_statement', 'for_statement'].includes(last.type) ? bodyOf(last) : last;
}

function named(node: Node): Declared {
  return { name: partsOf(node)[0]?.text ?? '', node };
}

function parameter(node: Node, statements: readonly Node[]): Parameter {
  const before = statements[statements.findIndex(({ id }) => id === node.id) - 1];
  const decorators = before?.type === 'decorators' ? before.text : '';
  return {
    ...named(node),
    isRequired: !partsOf(node).some((part, index) => index > 1 && part.type !== 'decorators'),
    isSecure: decorators.includes('@secure()'),
  };
}

function resourcesOf(node: Node, parent: Resource | null): readonly Resource[] {
  const [short = '', version = parent?.version ?? ''] = (literal(partsOf(node)[1]) ?? '').split(
    '@',
  );
  const body = bodyOf(node);
  const resource: Resource = {
    ...named(node),
    type: parent === null ? short : `${parent.type}/${short}`,
    version,
    isExisting: node.children.some(({ type }) => type === 'existing'),
    body,
  };
  const nested = partsOf(body).flatMap((property) =>
    partsOf(property).filter(({ type }) => type === 'resource_declaration'),
  );
  return [resource, ...nested.flatMap((child) => resourcesOf(child, resource))];
}

function moduleOf(node: Node): Module {
  const properties = propertiesOf(bodyOf(node));
  const params = properties.get('params');
  return {
    ...named(node),
    path: literal(partsOf(node)[1]) ?? '',
    params:
      params === undefined
        ? []
        : [...propertiesOf(params)].map(([name, value]) => ({ name, node: value })),
    hasScope: properties.has('scope'),
  };
}

/** Names that are used as values, with where: not keys, not what is declared, not functions. */
export function usedNames(root: Node): readonly Declared[] {
  return all(root, 'identifier')
    .filter((node) => !isKey(node) && !isDeclaration(node) && !isFunction(node) && !isType(node))
    .map((node) => ({ name: node.text, node }));
}

/** Names of loop variables and of lambdas' parameters. They are known in all of the file here, which is too lenient. */
export function localNames(root: Node): ReadonlySet<string> {
  const loops = all(root, 'for_statement').flatMap((loop) => {
    const [first] = partsOf(loop);
    return first?.type === 'for_loop_parameters'
      ? partsOf(first)
      : first === undefined
        ? []
        : [first];
  });
  const lambdas = all(root, 'lambda_expression').flatMap((lambda) => partsOf(lambda).slice(0, 1));
  return new Set([...loops, ...lambdas].flatMap(({ text }) => text.match(/\w+/g) ?? []));
}

export function calledFunctions(root: Node): readonly Declared[] {
  return all(root, 'call_expression').map(named);
}

const DECLARATIONS = ['parameter', 'variable', 'resource', 'module', 'output', 'metadata', 'type'];

function isDeclaration(node: Node): boolean {
  const { parent } = node;
  if (parent === null || !isFirst(node, parent)) return false;
  return (
    ['for_statement', 'lambda_expression'].includes(parent.type) ||
    DECLARATIONS.some((kind) => parent.type === `${kind}_declaration`)
  );
}

function isKey(node: Node): boolean {
  return node.parent?.type === 'object_property' && isFirst(node, node.parent);
}

function isFunction(node: Node): boolean {
  return node.parent?.type === 'call_expression' && isFirst(node, node.parent);
}

function isType(node: Node): boolean {
  return node.parent?.type === 'type';
}

function isFirst(node: Node, parent: Node): boolean {
  return partsOf(parent)[0]?.id === node.id;
}
