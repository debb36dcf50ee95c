import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { literal, partsOf, placeOf } from './syntax.ts';
import type { Node } from './syntax.ts';
import { calledFunctions, localNames, templateOf, usedNames } from './template.ts';
import type { Declared, Module, Template } from './template.ts';

/** Functions of Bicep that templates here call; another one is added after a look into its documentation. */
const FUNCTIONS = new Set(
  `contains deployer deployment empty environment fail filter flatten guid indexOf items join length loadJsonContent
   loadTextContent map range replace resourceGroup skip split subscription subscriptionResourceId tenant toLower toObject trim union uniqueString
   allowed description maxLength maxValue metadata minLength minValue secure`.split(/\s+/),
);
const LOADS = ['loadTextContent', 'loadJsonContent'];

export interface BicepFile {
  readonly path: string;
  readonly root: Node;
}

/** What the compiler would say of names: unknown ones, unused ones, files and modules that do not fit. */
export function nameErrors(file: BicepFile, others: readonly BicepFile[]): readonly string[] {
  const template = templateOf(file.root);
  return [
    ...unknown(file.root, template),
    ...unused(file.root, template),
    ...calledFunctions(file.root).flatMap((call) => wrongCall(call, file.path)),
    ...template.modules.flatMap((one) => misfit(one, file, others)),
    ...outputsThatAreNot(file, template, others),
  ];
}

function unknown(root: Node, template: Template): readonly string[] {
  const { parameters, variables, resources, modules } = template;
  const declared = [...parameters, ...variables, ...resources, ...modules];
  const known = new Set([...declared.map(({ name }) => name), ...localNames(root)]);
  return usedNames(root)
    .filter(({ name }) => !known.has(name))
    .map(({ name, node }) => `${placeOf(node)}: nothing is called ${name}`);
}

function unused(root: Node, { parameters, variables }: Template): readonly string[] {
  const used = new Set(usedNames(root).map(({ name }) => name));
  return [...parameters, ...variables]
    .filter(({ name }) => !used.has(name))
    .map(({ name, node }) => `${placeOf(node)}: ${name} is not used`);
}

function wrongCall({ name, node }: Declared, path: string): readonly string[] {
  if (!FUNCTIONS.has(name)) return [`${placeOf(node)}: no function ${name} is known`];
  if (!LOADS.includes(name)) return [];
  const loaded = literal(partsOf(partsOf(node)[1] ?? node)[0]) ?? '';
  return existsSync(join(dirname(path), loaded)) ? [] : [`${placeOf(node)}: there is no ${loaded}`];
}

function misfit(
  module: Module,
  { path, root }: BicepFile,
  others: readonly BicepFile[],
): readonly string[] {
  const at = placeOf(module.node);
  const target = moduleFile(module, path, others);
  if (target === undefined) return [`${at}: there is no module ${module.path}`];
  const { parameters, scope } = templateOf(target.root);
  const given = new Set(module.params.map(({ name }) => name));
  const taken = new Set(parameters.map(({ name }) => name));
  const file = templateOf(root);
  const secrets = secretsOf(file);
  const keepers = secretsOf({ parameters });
  return [
    ...(scope === file.scope || module.hasScope
      ? []
      : [`${at}: ${module.path} is for a ${scope} and needs a scope`]),
    ...parameters
      .filter(({ name, isRequired }) => isRequired && !given.has(name))
      .map(({ name }) => `${at}: ${module.path} needs ${name}`),
    ...module.params
      .filter(({ name }) => !taken.has(name))
      .map(({ name, node }) => `${placeOf(node)}: ${module.path} takes no ${name}`),
    ...module.params
      .filter(({ name, node }) => secrets.has(node.text) && !keepers.has(name))
      .map(({ name, node }) => `${placeOf(node)}: ${module.path} does not keep ${name} secret`),
  ];
}

function secretsOf({ parameters }: Pick<Template, 'parameters'>): ReadonlySet<string> {
  return new Set(parameters.filter(({ isSecure }) => isSecure).map(({ name }) => name));
}

/** `m.outputs.x` of a module `m` without an output `x`. */
function outputsThatAreNot(
  { path, root }: BicepFile,
  { modules }: Template,
  others: readonly BicepFile[],
): readonly string[] {
  return modules.flatMap((module) => {
    const target = moduleFile(module, path, others);
    if (target === undefined) return [];
    const outputs = new Set(templateOf(target.root).outputs.map(({ name }) => name));
    const used = root.text.matchAll(new RegExp(`\\b${module.name}\\.outputs\\.(\\w+)`, 'g'));
    return [...used].flatMap(([, name = '']) =>
      outputs.has(name) ? [] : [`${module.path} has no output ${name}`],
    );
  });
}

function moduleFile(
  module: Module,
  path: string,
  others: readonly BicepFile[],
): BicepFile | undefined {
  const wanted = join(dirname(path), module.path);
  return others.find((other) => other.path === wanted);
}
