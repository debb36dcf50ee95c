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

/** Path segments are compared without case, as Azure does; a fixed segment wins over a `{name}`. */
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
    .toSorted((left, right) => variables(left) - variables(right));
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

function variables(route: Compiled): number {
  return route.segments.filter((segment) => segment.startsWith('{')).length;
}

function match(
  template: readonly string[],
  path: readonly string[],
): Record<string, string> | null {
  if (template.length !== path.length) return null;
  const params: Record<string, string> = {};
  for (const [index, wanted] of template.entries()) {
    const given = path[index] ?? '';
    if (wanted.startsWith('{')) params[wanted.slice(1, -1)] = decodeURIComponent(given);
    else if (wanted.toLowerCase() !== given.toLowerCase()) return null;
  }
  return params;
}
