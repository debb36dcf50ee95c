import type { TrafficProfile } from '../../azure/access.ts';
import { AzureError } from '../../azure/errors.ts';
import { canonicalId, parseResourceId, resourceName } from '../../core/resource-id.ts';
import { endpointNamed, isDown } from '../observers/traffic-manager.ts';
import { readOnce, unclear } from './read-once.ts';
import type { Found } from './read-once.ts';
import type { Reader, Said, SignalSource, Wanted } from './source.ts';

/** What Traffic Manager's own probes, which come from many places, say of the site's endpoint. */
export const trafficManager: SignalSource<'traffic-manager'> = {
  isDear: true,
  async read(through, wanted) {
    const profiles = await readProfiles(through, wanted);
    return wanted.map((one) => ({ of: one, ...judge(profiles(one), one.signal.with) }));
  },
};

type WantedHere = Wanted<'traffic-manager'>;
type FoundProfile = Found<TrafficProfile | null>;

/** From so many profiles of one subscription on, all of them are listed in one call. */
const MANY = 4;

async function readProfiles(
  through: Reader,
  wanted: readonly WantedHere[],
): Promise<(one: WantedHere) => FoundProfile> {
  const bySubscription = Map.groupBy(wanted, subscriptionOf);
  const many = [...bySubscription.values()].flatMap((group) =>
    new Set(group.map(profileOf)).size >= MANY ? group : [],
  );
  const lists = await readOnce(through, many, subscriptionOf, async (one) => {
    const listed = await through.azure.traffic.profiles(`/subscriptions/${subscriptionOf(one)}`);
    return new Map(listed.map((profile) => [canonicalId(profile.id), profile]));
  });
  const listed = new Map<string, FoundProfile>();
  for (const one of many) {
    const list = lists(one);
    const profile = list.is === 'read' ? list.value.get(profileOf(one)) : undefined;
    if (profile !== undefined) listed.set(profileOf(one), { is: 'read', value: profile });
    // Who may read single profiles need not be allowed to list; who is not answered asks for no more.
    else if (list.is === 'trouble' && !isRefused(list.error)) listed.set(profileOf(one), list);
  }
  const rest = wanted.filter((one) => !listed.has(profileOf(one)));
  const single = await readOnce(through, rest, profileOf, (one) =>
    through.azure.traffic.profile(one.signal.with.profile),
  );
  return (one) => listed.get(profileOf(one)) ?? single(one);
}

function judge(
  found: FoundProfile,
  at: { readonly profile: string; readonly endpoint: string },
): Said {
  if (found.is === 'trouble') return unclear(found);
  const endpoint = endpointNamed(found.value, at.endpoint);
  if (endpoint === null)
    return { as: 'unclear', sees: `no endpoint ${at.endpoint} in ${resourceName(at.profile)}` };
  // Disabled, Inactive and Unmonitored are not probed; CheckingEndpoint has no result yet.
  const as = isDown(endpoint) ? 'bad' : endpoint.monitor === 'Online' ? 'good' : 'unclear';
  return { as, sees: `${endpoint.name} ${endpoint.monitor}` };
}

function isRefused(error: unknown): boolean {
  return error instanceof AzureError && error.effect === 'refused';
}

function profileOf({ signal }: WantedHere): string {
  return canonicalId(signal.with.profile);
}

function subscriptionOf({ signal }: WantedHere): string {
  return parseResourceId(signal.with.profile)?.subscription.toLowerCase() ?? '';
}
