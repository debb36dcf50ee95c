import { instant } from '../core/clock.ts';
import { SwitchoverError } from '../core/errors.ts';
import { GENESIS } from '../core/execution.ts';
import type { ExecutionRecord, Kind, Mode } from '../core/execution.ts';
import type { Principal } from '../core/principal.ts';
import type { StepRecord } from '../core/step.ts';
import { planHash } from '../plan/hash.ts';
import type { Plan } from '../plan/plan.ts';
import type { Idempotency } from '../records/idempotency.ts';
import type { Deps } from './deps.ts';
import type { DurableDoor } from './door.ts';
import { pin } from './pinned.ts';
import type { PinnedPlan } from './pinned.ts';

/** Pinned at the start; the host's `defaultVersion` in host.json is the same number. */
export const ORCHESTRATION_VERSION = '1';

export interface StartOrder {
  readonly plan: Plan;
  /** Canonical ids of everything that the plan changes: what its lock covers. */
  readonly resources: readonly string[];
  readonly kind: Exclude<Kind, 'drill'>;
  readonly mode: Mode;
  readonly to?: string | undefined;
  readonly reason: string;
  readonly by: Principal;
  readonly idempotencyKey: string | null;
}

/** What starting needs beyond what the activities work with. */
export interface StartDeps extends Deps {
  readonly idempotency: Idempotency;
  readonly newId: () => string;
}

export interface Started {
  readonly id: string;
  readonly repeated: boolean;
}

/**
 * Takes the lock, records the execution, starts its orchestration, in this order: a crash in between leaves a lock
 * whose execution the reaper finds and starts or frees.
 */
export async function startExecution(
  deps: StartDeps,
  order: StartOrder,
  door: DurableDoor,
): Promise<Started> {
  const { plan } = order;
  const active = await deps.planStates.active(plan.name, plan.home);
  const { from, to } = direction(order, active);
  const at = instant(deps.clock.now());
  const id = deps.newId();

  if (order.idempotencyKey !== null) {
    const claim = await deps.idempotency.claim({
      principal: order.by.id,
      key: order.idempotencyKey,
      request: JSON.stringify([plan.name, order.kind, order.mode, order.to ?? null, order.reason]),
      executionId: id,
      at,
    });
    if (claim.is === 'different') throw keyReused(order.idempotencyKey);
    if (claim.is === 'repeated') return repeat(deps, claim.executionId, door);
  }

  const lock = await deps.locks.acquire({
    plan: plan.name,
    resources: order.resources,
    holder: id,
    at,
  });
  if ('heldBy' in lock) throw locked(plan.name, lock);

  const sample = await deps.planStates.lag(plan.name);
  const firstBadAt = order.mode === 'unplanned' ? (sample?.missingSince ?? null) : null;
  const header: ExecutionRecord = {
    id,
    plan: plan.name,
    planHash: planHash(plan),
    kind: order.kind,
    mode: order.mode,
    from,
    to,
    state: 'requested',
    direction: 'forward',
    reason: order.reason,
    requestedBy: order.by,
    requestedAt: at,
    ...(firstBadAt === null ? {} : { firstBadAt }),
    token: lock.token,
    orchestrationVersion: ORCHESTRATION_VERSION,
    stage: 0,
    approvals: [],
    accepted: [],
    commandsDone: 0,
    head: GENESIS,
  };
  const { kind, mode, reason, by } = order;
  await deps.executions.create(header, stepRecords(pin(plan, header)), JSON.stringify(plan), {
    type: 'execution-requested',
    data: {
      execution: id,
      plan: plan.name,
      planHash: header.planHash,
      kind,
      mode,
      from,
      to,
      reason,
      by,
      token: lock.token,
      ...(firstBadAt === null ? {} : { firstBadAt }),
    },
  });
  await door.start(id);
  return { id, repeated: false };
}

/** The same request again, perhaps because its answer was lost: makes sure that what it asked for runs. */
async function repeat(deps: Deps, id: string, door: DurableDoor): Promise<Started> {
  const header = await deps.executions.header(id);
  if (header?.value.state === 'requested' && (await door.status(id)) === 'missing')
    await door.start(id);
  return { id, repeated: true };
}

function direction(order: StartOrder, active: string): { from: string; to: string } {
  const { plan, kind } = order;
  const other = Object.keys(plan.sites).find((site) => site !== active);
  const to = order.to ?? other;
  if (to === undefined || plan.sites[to] === undefined) {
    throw new SwitchoverError(
      'REQUEST_INVALID',
      `Plan ${plan.name} has no site ${order.to ?? ''}; its sites are ${Object.keys(plan.sites).join(', ')}.`,
    );
  }
  if (to === active) {
    throw new SwitchoverError(
      'REQUEST_INVALID',
      `${plan.name} serves from ${to} already; there is nothing to move.`,
    );
  }
  const expected: Kind = to === plan.home ? 'failback' : 'failover';
  if (kind !== expected) {
    throw new SwitchoverError(
      'REQUEST_INVALID',
      `Moving ${plan.name} from ${active} to ${to} is a ${expected} (home is ${plan.home}), not a ${kind}.`,
    );
  }
  return { from: active, to };
}

function stepRecords(pinned: PinnedPlan): StepRecord[] {
  return pinned.stages.flatMap((stage, index) =>
    stage.steps.map((step): StepRecord => ({
      id: step.id,
      uses: step.uses,
      stage: index,
      state: 'pending',
      direction: 'forward',
      run: 0,
      attempt: 0,
      triesLeft: step.retry.attempts,
      adopted: false,
      touched: false,
      operations: [],
      sentence: '',
      undo: step.bound.undoSafety('planned'),
      head: GENESIS,
    })),
  );
}

function locked(
  plan: string,
  lock: { readonly heldBy: string; readonly plan: string },
): SwitchoverError {
  const shared =
    lock.plan === plan ? '' : ` of plan ${lock.plan}, which shares resources with ${plan},`;
  return new SwitchoverError(
    'LOCKED',
    `Execution ${lock.heldBy}${shared} is under way. Watch it: switchover execution watch ${lock.heldBy}`,
    { details: { execution: lock.heldBy, plan: lock.plan } },
  );
}

function keyReused(key: string): SwitchoverError {
  return new SwitchoverError(
    'IDEMPOTENCY_KEY_REUSED',
    `The Idempotency-Key ${key} was used for another request within a day. Use a new key for a new request.`,
  );
}
