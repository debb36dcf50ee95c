import type { Json, JsonObject } from '../core/json.ts';
import type { Journey } from './journey.ts';
import type { Scope } from './template.ts';

/** A site as far as templates are concerned. */
export interface Place {
  readonly resources: JsonObject;
}
type Places = Readonly<Record<string, Place>>;

/** First words of templates with a meaning of their own: no site may be called so. */
export const RESERVED = ['from', 'to', 'site', 'execution', 'captured'] as const;

/** What a step's settings may refer to. */
export function stepScope(
  sites: Places,
  journey: Journey,
  executionId: string,
  settings: JsonObject,
): Scope {
  return {
    ...journeyScope(sites, journey),
    execution: { values: { id: executionId } },
    captured: { later: capturedNames(settings) },
  };
}

export function journeyScope(sites: Places, { from, to }: Journey): Scope {
  return {
    from: { values: sites[from]?.resources ?? {} },
    to: { values: sites[to]?.resources ?? {} },
  };
}

/** `${site.url}`: a signal looks at one site at a time. */
export function watchedScope(sites: Places, site: string): Scope {
  return { site: { values: sites[site]?.resources ?? {} } };
}

/** `${east.database}`: where a value is written once for each site, sites go by their own names. */
export function siteScope(sites: Places): Scope {
  return Object.fromEntries(
    Object.entries(sites).map(([name, site]) => [name, { values: site.resources }]),
  );
}

/** A request that says `capture: {id: body.id}` makes `${captured.id}` known to the requests of its step. */
function capturedNames(settings: Json): readonly string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]: [string, Json]) =>
    key === 'capture' && typeof value === 'object' && value !== null
      ? Object.keys(value)
      : capturedNames(value),
  );
}
