import { instant } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import { SwitchoverError } from '../../core/errors.ts';
import { isReadOnly } from '../../core/execution.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import { direction } from '../direction.ts';
import { assertDrillable } from '../drill/drillable.ts';
import type { DurableDoor } from '../door.ts';
import { freshSteps } from '../fresh-steps.ts';
import { pin } from '../pinned.ts';
import { claimKey, forgetKey } from './key.ts';
import { locked } from './locked.ts';
import type { Given, StartDeps, Started, StartOrder } from './order.ts';
import { firstHappenings, headerOf } from './record.ts';

/** Starts an execution, or finds the one that the same request has started before. */
export async function startExecution(
  deps: StartDeps,
  order: StartOrder,
  door: DurableDoor,
): Promise<Started> {
  const given = { id: deps.newId(), at: instant(deps.clock.now()) };
  const earlier = await claimKey(deps, order, given);
  if (earlier !== null) return repeat(deps, order, earlier, door);
  try {
    await startNew(deps, order, given, door);
    return { id: given.id, repeated: false };
  } catch (error) {
    // Refused, it left nothing for which its key could stand.
    if (error instanceof SwitchoverError && error.isMistake) await forgetKey(deps, order, given.id);
    throw error;
  }
}

/**
 * Takes the lock, records the execution, starts its orchestration, in this order: a crash in between leaves a lock
 * whose execution the reaper finds and starts or frees.
 */
async function startNew(
  deps: StartDeps,
  order: StartOrder,
  given: Given,
  door: DurableDoor,
): Promise<void> {
  const { plan, resources } = order;
  const { id, at } = given;
  // A plain mistake is refused before anything is taken.
  direction(order, await deps.planStates.active(plan.name, plan.home));
  assertDrillable(order, at);
  const lock = isReadOnly(order)
    ? NO_LOCK
    : await deps.locks.acquire({ plan: plan.name, resources, holder: id, at });
  if ('heldBy' in lock) throw await locked(deps, plan.name, lock);
  const underLock = await lookUnderLock(deps, order).catch(async (error: unknown) => {
    await deps.locks.release(plan.name, id);
    throw error;
  });
  const firstBadAt = await firstBad(deps, order);
  const header = headerOf(order, { ...given, ...underLock, token: lock.token, firstBadAt });
  const steps = freshSteps(pin(plan, header));
  const first = await firstHappenings(deps, order, header);
  await deps.executions.create(header, steps, JSON.stringify(plan), first);
  await door.start(id);
}

async function firstBad(
  { planStates }: StartDeps,
  { plan, mode, detected }: StartOrder,
): Promise<Instant | null> {
  if (detected !== undefined) return detected.firstBadAt;
  const sample = mode === 'unplanned' ? await planStates.lag(plan.name) : null;
  return sample?.missingSince ?? null;
}

/** Nothing is kept waiting by what only reads, and no token was ever this one. */
const NO_LOCK = { token: 0 };

/**
 * What is true now that nothing else of this plan can begin: an execution that ended just before may have changed which
 * side serves, and a push may have overtaken whoever looked at the plan for a while.
 */
async function lookUnderLock(
  deps: StartDeps,
  order: StartOrder,
): Promise<Pick<ExecutionRecord, 'from' | 'to' | 'planVersion'>> {
  const { plan, detected } = order;
  if (detected !== undefined) await assertNotHeld(deps);
  const way = direction(order, await deps.planStates.active(plan.name, plan.home));
  const version = await deps.newestVersion(plan);
  return { ...way, ...(version === null ? {} : { planVersion: version }) };
}

/** Whoever was told that everything is held must not see anything begin by itself. */
async function assertNotHeld({ restraints }: StartDeps): Promise<void> {
  const hold = await restraints.hold();
  if (hold === null) return;
  const { by, at, reason } = hold;
  throw new SwitchoverError(
    'TRANSITION_REFUSED',
    `${by.name} holds everything since ${at}: ${reason}. Lift it: switchover hold --lift`,
  );
}

/** A start writes its record within this time; one that has not was refused, or died on its way. */
const RECORD_SECONDS = 10;

/** The same request again, perhaps because its answer was lost: makes sure that what it asked for runs. */
async function repeat(
  deps: StartDeps,
  order: StartOrder,
  id: string,
  door: DurableDoor,
): Promise<Started> {
  for (let seconds = 0; seconds < RECORD_SECONDS; seconds += 1) {
    const header = await deps.executions.header(id);
    if (header !== null) {
      if (header.value.state === 'requested' && (await door.status(id)) === 'missing')
        await door.start(id);
      return { id, repeated: true };
    }
    await deps.clock.sleep(1_000);
  }
  // It left no record, so nothing was promised: the request is taken for a new one, which its lock must not refuse.
  await deps.locks.release(order.plan.name, id);
  await forgetKey(deps, order, id);
  return startExecution(deps, order, door);
}
