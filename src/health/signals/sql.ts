import type { FailoverGroupView } from '../../azure/access.ts';
import { AzureError } from '../../azure/errors.ts';
import { formatSeconds } from '../../core/duration.ts';
import { canonicalId } from '../../core/resource-id.ts';
import type { LagSample } from '../../records/plan-state.ts';
import { isHeard, readOnce, unclear } from './read-once.ts';
import type { Found } from './read-once.ts';
import type { Said, Seen, SignalSource, Wanted } from './source.ts';

/**
 * What the site's database server says of its failover group. A primary gives two looks: that it answers, and whether
 * its secondary keeps up, so that the other site could take over. The server's answer comes through Resource Manager,
 * which may still know what the database itself no longer shows: `good` here does not say that anybody can connect.
 */
export const sql: SignalSource<'sql'> = {
  isDear: true,
  async read(through, wanted) {
    const views = await readOnce(
      through,
      wanted,
      ({ signal: { with: at } }) => `${canonicalId(at.server)} ${at.group.toLowerCase()}`,
      ({ signal: { with: at } }) => through.azure.sql.get(at.server, at.group),
    );
    // When Resource Manager says nothing at all, the network between it and us may be what is down.
    const heard = wanted.some((one) => isHeard(views(one)));
    const behind = wanted.filter((one) => needsLag(one, views(one)));
    const lags = await readOnce(
      through,
      behind,
      ({ plan }) => plan,
      ({ plan }) => through.planStates.lag(plan),
    );
    return wanted.flatMap((one) => [
      { of: one, ...ofServer(views(one), one, heard) },
      ...ofSecondary(one, views(one), lags),
    ]);
  },
};

type View = Found<FoundGroup>;
type FoundGroup = FailoverGroupView | null;
type WantedHere = Wanted<'sql'>;

function needsLag({ signal }: WantedHere, view: View): boolean {
  return signal.with.lagAbove !== undefined && primaryIn(view) !== null;
}

function primaryIn(view: View): FailoverGroupView | null {
  return view.is === 'read' && view.value?.role === 'Primary' ? view.value : null;
}

function ofServer(view: View, { signal }: WantedHere, heard: boolean): Said {
  if (view.is === 'trouble') {
    const lost = view.error instanceof AzureError && view.error.effect === 'lost';
    return lost && heard ? { as: 'bad', sees: view.words } : unclear(view);
  }
  if (view.value === null) return { as: 'unclear', sees: `no failover group ${signal.with.group}` };
  return view.value.role === 'Primary'
    ? { as: 'good', sees: 'Primary' }
    : { as: 'unclear', sees: 'Secondary: takes no writes here' };
}

function ofSecondary(
  one: WantedHere,
  view: View,
  lags: (one: WantedHere) => Found<LagSample | null>,
): readonly Seen[] {
  const primary = primaryIn(view);
  if (primary === null) return [];
  const say = (as: Said['as'], more: string, at?: string): readonly Seen[] => {
    const sees = `replication ${primary.replicationState || 'of unknown state'}${more}`;
    return [{ of: one, judges: 'readiness', as, sees, ...(at === undefined ? {} : { at }) }];
  };
  if (primary.replicationState === '') return say('unclear', '');
  if (primary.replicationState.toUpperCase() !== 'CATCH_UP') return say('bad', '');
  const { lagAbove } = one.signal.with;
  if (lagAbove === undefined) return say('good', '');
  const lag = lags(one);
  if (lag.is === 'trouble') return say('unclear', `, its lag is not known: ${lag.words}`);
  const { seconds = null, sampledAt = null, missingSince = null } = lag.value ?? {};
  if (seconds === null || sampledAt === null) return say('unclear', ', never a sample of its lag');
  if (missingSince !== null)
    return say('unclear', `, no sample of its lag since ${missingSince}`, sampledAt);
  const sees = `, ${formatSeconds(seconds)} behind`;
  return seconds > lagAbove
    ? say('bad', `${sees}, more than ${formatSeconds(lagAbove)}`, sampledAt)
    : say('good', sees, sampledAt);
}
