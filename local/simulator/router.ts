import type { Door, Route, Service } from './service.ts';

export interface Match {
  readonly route: Route;
  readonly door: Door;
  readonly operation: string;
  readonly params: Readonly<Record<string, string>>;
}

export type Router = (method: string, path: string, door: Door) => Match | null;

interface Compiled {
  readonly route: Route;
  readonly door: Door;
  readonly operation: string;
  readonly segments: readonly string[];
}

/** Path segments are compared without case, as Azure does; a fixed segment wins over a `{name}`, that over `{name+}`. */
export function createRouter(services: readonly Service[]): Router {
  const compiled: readonly Compiled[] = services
    .flatMap((service) =>
      service.routes.map((route) => ({
        route,
        door: service.door ?? 'resource-manager',
        operation: route.operation ?? `${service.name}/${route.method.toLowerCase()}`,
        segments: route.path.split('/').filter((segment) => segment !== ''),
      })),
    )
    .toSorted((left, right) => openness(left) - openness(right));
  return (method, path, door) => {
    const segments = path.split('/').filter((segment) => segment !== '');
    for (const candidate of compiled) {
      if (candidate.route.method !== method || candidate.door !== door) continue;
      const params = match(candidate.segments, segments);
      if (params !== null) return { ...candidate, params };
    }
    return null;
  };
}

function openness(route: Compiled): number {
  const variables = route.segments.filter((segment) => segment.startsWith('{')).length;
  return isScoped(route.segments) ? 1000 : variables;
}

function isScoped([first]: readonly string[]): boolean {
  return first?.endsWith('+}') === true;
}

function match(
  template: readonly string[],
  path: readonly string[],
): Record<string, string> | null {
  const surplus = path.length - template.length;
  const [first = ''] = template;
  if (isScoped(template) && surplus >= 0) {
    const scope = path.slice(0, surplus + 1).map(decodeURIComponent);
    const rest = match(template.slice(1), path.slice(surplus + 1));
    return rest === null ? null : { ...rest, [first.slice(1, -2)]: `/${scope.join('/')}` };
  }
  if (surplus !== 0) return null;
  const params: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const given = path[index] ?? '';
    if (wanted.startsWith('{')) params[wanted.slice(1, -1)] = decodeURIComponent(given);
    else if (wanted.toLowerCase() !== given.toLowerCase()) return null;
  }
  return params;
}
