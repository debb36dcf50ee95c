import { bindingList, bindingText } from '../functions/registrations.ts';
import type { FunctionDefinition } from '../functions/registrations.ts';

export interface Route {
  readonly definition: FunctionDefinition;
  readonly methods: readonly string[];
  /** The decoded values of the template's parameters, or undefined when the path is another's. */
  match(path: string): Record<string, string> | undefined;
  /** More literal segments win, as in ASP.NET routing. */
  readonly literals: number;
}

/** Route constraints of the Functions host that the local host knows. */
const CONSTRAINTS: Readonly<Record<string, string>> = {
  int: '-?\\d+',
  long: '-?\\d+',
  guid: '[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}',
  alpha: '[A-Za-z]+',
  bool: '(?:[Tt]rue|[Ff]alse)',
};

const PARAMETER = /^\{(\*{0,2})([A-Za-z_]\w*)((?::[^}?]+)*)(\?)?\}$/;

export function httpRoutes(functions: readonly FunctionDefinition[], prefix: string): Route[] {
  return functions
    .filter((definition) => definition.trigger.type.toLowerCase() === 'httptrigger')
    .map((definition) => routeOf(definition, prefix))
    .sort((left, right) => right.literals - left.literals);
}

function routeOf(definition: FunctionDefinition, prefix: string): Route {
  const template = bindingText(definition.trigger, 'route') ?? definition.name;
  const segments = `${prefix}/${template}`.split('/').filter((segment) => segment !== '');
  const names: string[] = [];
  let literals = 0;
  const patterns = segments.map((segment) => {
    if (!segment.includes('{')) {
      literals++;
      return `/${segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
    }
    return parameterPattern(segment, definition.name, names);
  });
  const shape = new RegExp(`^${patterns.join('')}/?$`, 'i');
  const methods = bindingList(definition.trigger, 'methods') ?? ['GET', 'POST'];
  return {
    definition,
    literals,
    methods: methods.map((method) => method.toUpperCase()),
    match: (path) => {
      const found = shape.exec(path);
      return found === null ? undefined : parameters(names, found);
    },
  };
}

function parameterPattern(segment: string, functionName: string, names: string[]): string {
  const [, catchAll, name, constraints, optional] = PARAMETER.exec(segment) ?? [];
  if (name === undefined) {
    throw new Error(
      `Function "${functionName}": the local host does not know the route segment "${segment}".`,
    );
  }
  names.push(name);
  const [constraint, ...more] = (constraints ?? '').split(':').filter((each) => each !== '');
  const pattern = constraint === undefined ? '[^/]+' : CONSTRAINTS[constraint];
  if (pattern === undefined || more.length > 0) {
    throw new Error(
      `Function "${functionName}": the local host does not know the route constraint "${constraints ?? ''}".`,
    );
  }
  if (catchAll !== '') return '(?:/(.*))?';
  return optional === undefined ? `/(${pattern})` : `(?:/(${pattern}))?`;
}

function parameters(names: readonly string[], found: RegExpExecArray): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value: string | undefined = found[index + 1];
    if (value !== undefined) values[name] = decoded(value);
  }
  return values;
}

/** The platform's server leaves alone what is no encoding of anything. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
