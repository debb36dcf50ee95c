import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import { attributed } from './attribution.ts';
import type { Attributed } from './attribution.ts';
import type { Property, Violation } from './property.ts';

/** A site that answered may die before the write arrives, and Traffic Manager notices with its own delay. */
const LOOKED_BEFORE_MS = 60_000;

export const traffic: Property = {
  name: 'S2',
  promise: 'traffic is never pointed, by our act, at a site that is not ready',
  broken: (run) => attributed(run).flatMap((one) => pointed(run, one)),
};

function pointed(run: Run, { change, by }: Attributed): readonly Violation[] {
  const { entry, truth, at } = change;
  if (by === null || entry.effect === null || entry.operation !== 'traffic-manager/put-endpoint')
    return [];
  const [verb, name = ''] = by.attempt.call.split(':');
  const enabled = Object.entries(truth.endpoints).flatMap(([endpoint, on]) =>
    on ? [endpoint] : [],
  );
  // Closing one endpoint points traffic at whatever else is enabled.
  const targets = verb === 'enable' ? [name] : enabled;
  return targets
    .map((endpoint) => ({ endpoint, site: siteOf(by.told, endpoint) }))
    .filter(({ site }) => !wasReady(run, site, at))
    .map(({ endpoint, site }) => ({
      at,
      sentence: `${by.told.header.id}: ${by.attempt.call} pointed traffic at ${endpoint}, but ${site} did not serve`,
    }));
}

function siteOf({ plan }: Told, endpoint: string): string {
  const found = Object.values(plan.plan.sites).find(({ resources }) => {
    const named = resources['endpoint'];
    return typeof named === 'string' && named.toLowerCase() === endpoint.toLowerCase();
  });
  return found?.name ?? 'nowhere';
}

function wasReady({ truths }: Run, site: string, at: number): boolean {
  return truths.some(
    (one) =>
      one.at <= at && one.at >= at - LOOKED_BEFORE_MS && one.truth.sites[site]?.serves === true,
  );
}
