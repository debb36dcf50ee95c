import { SwitchoverError } from '../../core/errors.ts';
import { SYSTEM } from '../../core/principal.ts';
import { canonicalId } from '../../core/resource-id.ts';
import { lockedResources } from '../../plan/locked.ts';
import { stepKinds } from '../../steps/registry.ts';
import type { DurableDoor } from '../door.ts';
import { giveOrder } from '../order.ts';
import { startExecution } from '../start/start.ts';
import type { WatchDeps } from './deps.ts';
import type { Judged } from './judge.ts';

/** What a start that was refused comes to, followed by why: the words may name people. */
export const NOTHING = 'Nothing: ';

/**
 * Starts what the plan says: a failover, or one that waits for people to agree. Returns what was done, in words. Only
 * one tick gets here for what it saw, and the plan's lock lets one execution through whatever happens.
 */
export async function begin(
  deps: WatchDeps,
  { plan, watch, active, other, after }: Judged,
  door: DurableDoor,
): Promise<string> {
  const { verdict, failedSince, at } = after;
  const { sentence, because } = verdict;
  const asks = watch.action === 'ask';
  try {
    const { id } = await startExecution(
      deps,
      {
        plan,
        resources: lockedResources(plan, stepKinds).map(canonicalId),
        kind: other.site === plan.home ? 'failback' : 'failover',
        mode: 'unplanned',
        reason: sentence,
        by: SYSTEM,
        idempotencyKey: null,
        detected: {
          site: active,
          at: failedSince ?? at,
          firstBadAt: verdict.firstBadAt ?? failedSince ?? at,
          sentence,
          because,
        },
        ...(asks ? { approvalsNeeded: Math.max(1, plan.approvals.count) } : {}),
      },
      door,
    );
    return asks
      ? `Prepared execution ${id}, which waits for approval.`
      : `Started execution ${id}.`;
  } catch (error) {
    if (error instanceof SwitchoverError && error.isMistake) return `${NOTHING}${error.message}`;
    throw error;
  }
}

/** What the watch has prepared is withdrawn when the site has come back before anybody agreed. */
export async function withdraw(
  deps: WatchDeps,
  { after: { verdict, active } }: Judged,
  execution: string,
  door: DurableDoor,
): Promise<string | null> {
  const header = await deps.executions.header(execution);
  if (header === null) return null;
  const { state, requestedBy } = header.value;
  if (state !== 'awaiting-approval' || requestedBy.id !== SYSTEM.id) return null;
  return order(
    deps,
    execution,
    `${active} is back before anybody agreed. ${verdict.sentence}`,
    door,
  );
}

/**
 * A drill does not keep a real failover waiting: it is told to clean up, and frees the lock when it has. One that cannot
 * clean up and waits for a person is ended as it stands: what it made lies beside what serves.
 */
export async function giveWay(
  deps: WatchDeps,
  { after: { verdict } }: Judged,
  execution: string,
  door: DurableDoor,
): Promise<string | null> {
  const header = await deps.executions.header(execution);
  if (header?.value.kind !== 'drill') return null;
  const { state, direction } = header.value;
  const stuck = state === 'paused' && direction === 'undo';
  const reason = `A real failover is needed. ${verdict.sentence}`;
  return order(deps, execution, reason, door, stuck);
}

/** Null when that was ordered before (unless it is to be ordered again), or cannot be any more. */
async function order(
  deps: WatchDeps,
  execution: string,
  reason: string,
  door: DurableDoor,
  again = false,
): Promise<string | null> {
  const orders = await deps.executions.commands(execution);
  if (!again && orders.some(({ by }) => by.id === SYSTEM.id)) return null;
  try {
    await giveOrder(deps, execution, { command: 'cancel', reason, by: SYSTEM }, door);
    return `Cancelled execution ${execution}.`;
  } catch (error) {
    if (error instanceof SwitchoverError && error.code === 'TRANSITION_REFUSED') return null;
    throw error;
  }
}
