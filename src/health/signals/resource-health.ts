import type { ResourceAvailability } from '../../azure/access.ts';
import { canonicalId, parseResourceId, resourceName } from '../../core/resource-id.ts';
import { readOnce, unclear } from './read-once.ts';
import type { Found } from './read-once.ts';
import type { Said, SignalSource } from './source.ts';
import { together } from './together.ts';

type Statuses = ReadonlyMap<string, ResourceAvailability>;

/** What Azure says of the health of resources: one list a subscription, whoever asks for which of them. */
export const resourceHealth: SignalSource<'resource-health'> = {
  isDear: true,
  async read(through, wanted) {
    const needed = wanted.flatMap(({ signal }) => signal.with.resources.map(subscriptionOf));
    const lists = await readOnce(
      through,
      needed,
      (subscription) => subscription,
      (subscription) => through.azure.health.ofSubscription(subscription),
    );
    return wanted.map((one) => {
      const parts = one.signal.with.resources.map((id) => ofResource(id, lists));
      return { of: one, ...together(parts, 'no resource is named') };
    });
  },
};

function ofResource(id: string, lists: (subscription: string) => Found<Statuses>): Said {
  const name = resourceName(id);
  const list = lists(subscriptionOf(id));
  if (list.is === 'trouble') return unclear(list);
  const status = list.value.get(canonicalId(id));
  if (status === undefined)
    return { as: 'unclear', sees: `${name} is not known to Resource Health` };
  const { state, reasonType, summary, reportedAt } = status;
  const words = `${name} ${state}`;
  const at = reportedAt === null ? {} : { at: reportedAt };
  if (state === 'Available') return { as: 'good', sees: words, ...at };
  // Whoever stopped it may have meant to; what is slow still serves.
  const failed = state === 'Unavailable' && !isUsersDoing(reasonType);
  const why = [reasonType, summary].filter((text) => text !== '').join(': ');
  const sees = why === '' ? words : `${words} (${why})`;
  return { as: failed ? 'bad' : 'unclear', sees, ...at };
}

/** `UserInitiated`, `User Initiated`, `Customer Initiated`: services differ. */
function isUsersDoing(reasonType: string): boolean {
  return /^(user|customer)\s*initiated$/i.test(reasonType);
}

function subscriptionOf(id: string): string {
  return parseResourceId(id)?.subscription.toLowerCase() ?? '';
}
