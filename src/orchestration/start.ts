import { instant } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { SwitchoverError } from '../core/errors.ts';
import type { EventData, Happening } from '../core/events.ts';
import { GENESIS, isReadOnly } from '../core/execution.ts';
import type { DrillLevel, ExecutionRecord, Kind, Mode } from '../core/execution.ts';
import type { PlanVersion } from '../core/plan-version.ts';
import type { Principal } from '../core/principal.ts';
import { planHash } from '../plan/hash.ts';
import type { Plan } from '../plan/plan.ts';
import type { Idempotency } from '../records/idempotency.ts';
import type { Deps } from './deps.ts';
import { direction } from './direction.ts';
import { assertDrillable } from './drill/drillable.ts';
import type { DurableDoor } from './door.ts';
import { freshSteps } from './fresh-steps.ts';
import { pin } from './pinned.ts';

/** Pinned at the start; the host's `defaultVersion` in host.json is the same number. */
export const ORCHESTRATION_VERSION = '1';

export interface StartOrder {
  readonly plan: Plan;
  /** Canonical ids of everything that the plan changes: what its lock covers. */
  readonly resources: readonly string[];
  readonly kind: Kind;
  readonly mode: Mode;
  /** Of a drill. */
  readonly level?: DrillLevel | undefined;
  /** Of the way back of a live drill: the execution that was the way there. */
  readonly partOf?: string;
  readonly to?: string | undefined;
  readonly reason: string;
  readonly by: Principal;
  readonly idempotencyKey: string | null;
  /** What the watch saw, when it is the one who asks. */
  readonly detected?: EventData<'detected'>;
  /** So many people must agree at least, whatever the plan says. */
  readonly approvalsNeeded?: number;
}

/** What starting needs beyond what the activities work with. */
export interface StartDeps extends Deps {
  readonly idempotency: Idempotency;
  readonly newId: () => string;
  /** Null of a plan that comes with the package. Refuses a plan that is not the newest version of itself any more. */
  readonly newestVersion: (plan: Plan) => Promise<PlanVersion | null>;
}

export interface Started {
  readonly id: string;
  readonly repeated: boolean;
}

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

interface Given {
  readonly id: string;
  readonly at: Instant;
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
  if (order.detected !== undefined) await assertNotHeld(deps, plan.name, id);
  const underLock = {
    ...(await wayUnderLock(deps, order, id)),
    ...(await versionUnderLock(deps, plan, id)),
  };
  const firstBadAt = await firstBad(deps, order);
  const header = headerOf(order, { ...given, ...underLock, token: lock.token, firstBadAt });
  const steps = freshSteps(pin(plan, header));
  const first = [requested(header), ...detected(order), ...(await restraintsChanged(deps, plan))];
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

/** Asked once more under the lock: whoever was told that everything is held must not see anything begin by itself. */
async function assertNotHeld(
  { locks, restraints }: StartDeps,
  plan: string,
  id: string,
): Promise<void> {
  const hold = await restraints.hold();
  if (hold === null) return;
  await locks.release(plan, id);
  const { by, at, reason } = hold;
  throw new SwitchoverError(
    'TRANSITION_REFUSED',
    `${by.name} holds everything since ${at}: ${reason}. Lift it: switchover hold --lift`,
  );
}

/** Which side serves is read under the lock: an execution that ended just before may have changed it. */
async function wayUnderLock(
  deps: StartDeps,
  order: StartOrder,
  id: string,
): Promise<Pick<ExecutionRecord, 'from' | 'to'>> {
  const { name, home } = order.plan;
  try {
    return direction(order, await deps.planStates.active(name, home));
  } catch (error) {
    await deps.locks.release(name, id);
    throw error;
  }
}

/** Whoever looked at a plan for a while may have been overtaken by a push: what begins is the newest version. */
async function versionUnderLock(
  deps: StartDeps,
  plan: Plan,
  id: string,
): Promise<Pick<ExecutionRecord, 'planVersion'>> {
  try {
    const version = await deps.newestVersion(plan);
    return version === null ? {} : { planVersion: version };
  } catch (error) {
    await deps.locks.release(plan.name, id);
    throw error;
  }
}

function headerOf(
  { plan, kind, mode, level, partOf, reason, by, approvalsNeeded }: StartOrder,
  given: Given &
    Pick<ExecutionRecord, 'from' | 'to' | 'token' | 'planVersion'> & {
      readonly firstBadAt: Instant | null;
    },
): ExecutionRecord {
  const { id, from, to, token, at, firstBadAt, planVersion } = given;
  return {
    id,
    plan: plan.name,
    planHash: planHash(plan),
    ...(planVersion === undefined ? {} : { planVersion }),
    kind,
    mode,
    ...(level === undefined ? {} : { level }),
    ...(partOf === undefined ? {} : { partOf }),
    from,
    to,
    state: 'requested',
    direction: 'forward',
    reason,
    requestedBy: by,
    requestedAt: at,
    ...(firstBadAt === null ? {} : { firstBadAt }),
    ...(approvalsNeeded === undefined ? {} : { approvalsNeeded }),
    token,
    orchestrationVersion: ORCHESTRATION_VERSION,
    stage: 0,
    approvals: [],
    accepted: [],
    commandsDone: 0,
    head: GENESIS,
  };
}

function requested(header: ExecutionRecord): Happening {
  const { id, plan, planHash, kind, mode, from, to, reason, requestedBy, token } = header;
  const { firstBadAt, level, partOf, planVersion } = header;
  return {
    type: 'execution-requested',
    data: {
      ...{ execution: id, plan, planHash, kind, mode, from, to, reason, by: requestedBy, token },
      ...(level === undefined ? {} : { level }),
      ...(partOf === undefined ? {} : { partOf }),
      ...(firstBadAt === undefined ? {} : { firstBadAt }),
      ...(planVersion === undefined ? {} : { planVersion }),
    },
  };
}

function detected({ detected: data }: StartOrder): Happening[] {
  return data === undefined ? [] : [{ type: 'detected', data }];
}

/** More than anybody changes between two executions of a plan. */
const CHANGES = 20;

/** Who has let something start by itself, or kept it from it, since the plan's last execution: oldest first. */
async function restraintsChanged(
  { restraints, ended }: StartDeps,
  { name }: Plan,
): Promise<Happening[]> {
  const [changes, [last]] = await Promise.all([restraints.history(CHANGES), ended.of(name)]);
  return changes
    .filter(({ plan, at }) => (plan ?? name) === name && (last === undefined || at > last.at))
    .reverse()
    .map(({ what, by, at, reason }) => ({
      type: 'restraint-changed',
      data: { what, by, at, reason },
    }));
}

/** The execution for which the request's key stands already; null when it now stands for this one, or there is no key. */
async function claimKey(
  { idempotency }: StartDeps,
  { idempotencyKey: key, plan, by, kind, mode, level, to, reason }: StartOrder,
  { id, at }: Given,
): Promise<string | null> {
  if (key === null) return null;
  const request = JSON.stringify([
    plan.name,
    kind,
    mode,
    to ?? null,
    reason,
    ...(level === undefined ? [] : [level]),
  ]);
  const claim = await idempotency.claim({ principal: by.id, key, request, executionId: id, at });
  if (claim.is === 'different') throw keyReused(key);
  return claim.is === 'repeated' ? claim.executionId : null;
}

async function forgetKey(
  { idempotency }: StartDeps,
  { idempotencyKey: key, by }: StartOrder,
  executionId: string,
): Promise<void> {
  if (key !== null) await idempotency.forget({ principal: by.id, key, executionId });
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

async function locked(
  { executions }: Pick<StartDeps, 'executions'>,
  plan: string,
  { heldBy, plan: other }: { readonly heldBy: string; readonly plan: string },
): Promise<SwitchoverError> {
  const shared = other === plan ? '' : ` of plan ${other}, which shares resources with ${plan},`;
  const header = (await executions.header(heldBy))?.value;
  const level = header?.level;
  return new SwitchoverError(
    'LOCKED',
    `${level === undefined ? 'Execution' : `The ${level} drill`} ${heldBy}${shared} ${whatNext(heldBy, header)}`,
    {
      details: {
        execution: heldBy,
        plan: other,
        ...(level === undefined ? {} : { drill: level }),
      },
    },
  );
}

function whatNext(id: string, header: ExecutionRecord | undefined): string {
  if (header?.level !== undefined)
    return `is under way. A real failover need not wait for its end: switchover execution cancel ${id} --then compensate --reason TEXT cleans up what it made; then start again.`;
  return header?.state === 'awaiting-approval'
    ? `is prepared and waits for approval. Let it go ahead: switchover execution approve ${id} --reason TEXT. Or cancel it and start your own.`
    : `is under way. Watch it: switchover execution watch ${id}`;
}

function keyReused(key: string): SwitchoverError {
  return new SwitchoverError(
    'IDEMPOTENCY_KEY_REUSED',
    `The Idempotency-Key ${key} was used for another request within a day. Use a new key for a new request.`,
  );
}
