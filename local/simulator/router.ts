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
  readonly segments: readonly Segment[];
}

interface Segment {
  readonly is: 'fixed' | 'name' | 'scope';
  /** What it is called, or in lower case what it must be. */
  readonly text: string;
}

/** Path segments are compared without case, as Azure does; a fixed segment wins over a `{name}`, that over `{name+}`. */
export function createRouter(services: readonly Service[]): Router {
  const compiled: readonly Compiled[] = services
    .flatMap((service) =>
      service.routes.map((route) => ({
        route,
        door: service.door ?? 'resource-manager',
        operation: route.operation ?? `${service.name}/${route.method.toLowerCase()}`,
        segments: segmentsOf(route.path).map(compile),
      })),
    )
    .toSorted((left, right) => openness(left) - openness(right));
  const byDoor = Map.groupBy(compiled, ({ route, door }) => `${door} ${route.method}`);
  return (method, path, door) => {
    const segments = segmentsOf(path);
    const folded = segmentsOf(path.toLowerCase());
    for (const candidate of byDoor.get(`${door} ${method}`) ?? []) {
      const params = match(candidate.segments, segments, folded);
      if (params !== null) return { ...candidate, params };
    }
    return null;
  };
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function compile(segment: string): Segment {
  if (segment.endsWith('+}')) return { is: 'scope', text: segment.slice(1, -2) };
  return segment.startsWith('{')
    ? { is: 'name', text: segment.slice(1, -1) }
    : { is: 'fixed', text: segment.toLowerCase() };
}

function openness({ segments }: Compiled): number {
  if (segments[0]?.is === 'scope') return 1000;
  return segments.filter(({ is }) => is === 'name').length;
}

/** `folded`: the path in lower case. */
function match(
  template: readonly Segment[],
  path: readonly string[],
  folded: readonly string[],
): Record<string, string> | null {
  const surplus = path.length - template.length;
  const [first] = template;
  if (first?.is === 'scope' && surplus >= 0) {
    const rest = match(template.slice(1), path.slice(surplus + 1), folded.slice(surplus + 1));
    const scope = path.slice(0, surplus + 1).map(decodeURIComponent);
    return rest === null ? null : { ...rest, [first.text]: `/${scope.join('/')}` };
  }
  if (surplus !== 0) return null;
  if (template.some(({ is, text }, index) => is === 'fixed' && text !== folded[index])) return null;
  return Object.fromEntries(
    template.flatMap(({ is, text }, index) =>
      is === 'fixed' ? [] : [[text, decodeURIComponent(path[index] ?? '')]],
    ),
  );
}
