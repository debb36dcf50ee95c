import { instant } from '../../../src/core/clock.ts';
import type { Json } from '../../../src/core/json.ts';
import { canonicalId } from '../../../src/core/resource-id.ts';
import type { Service, WireRequest, WireResponse, World } from '../service.ts';
import type { Health, HealthStatus } from './health.ts';

/** Far smaller than the real one, so that the café's list has more than one page. */
const PAGE = 5;

/** Microsoft.ResourceHealth, which is no region's and answers while a region is down. */
export function createResourceHealth(world: World, health: Health): Service {
  return {
    name: 'resource-health',
    routes: [
      {
        method: 'GET',
        path: '/subscriptions/{sub}/providers/Microsoft.ResourceHealth/availabilityStatuses',
        operation: 'resource-health/list',
        action: 'Microsoft.ResourceHealth/availabilityStatuses/read',
        handle: (request) => list(world, health, request),
      },
    ],
  };
}

function list(world: World, health: Health, { params, url, query }: WireRequest): WireResponse {
  const subscription = canonicalId(`/subscriptions/${params['sub'] ?? ''}/`);
  const all = health.all().filter(({ id }) => canonicalId(id).startsWith(subscription));
  const start = Number(query.get('$skiptoken') ?? 0);
  const next = new URL(url);
  next.searchParams.set('$skiptoken', String(start + PAGE));
  const value = all.slice(start, start + PAGE).map((each) => statusJson(each, world.clock.now()));
  const more = start + PAGE < all.length;
  return { status: 200, body: { value, ...(more && { nextLink: next.href }) } };
}

/** As recorded: the spelling of `occuredTime` is the service's, and seconds are whole. */
function statusJson(status: HealthStatus, now: number): Json {
  const { id, location, state, title, summary, reasonType, since } = status;
  return {
    id: `${id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current`,
    name: 'current',
    type: 'Microsoft.ResourceHealth/AvailabilityStatuses',
    location,
    properties: {
      availabilityState: state,
      title,
      summary,
      reasonType,
      occuredTime: instant(since).replace(/\.\d+Z$/, 'Z'),
      reasonChronicity: 'Transient',
      reportedTime: instant(now),
    },
  };
}
