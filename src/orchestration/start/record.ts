import type { Instant } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import { UNBEGUN } from '../../core/execution.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import { planHash } from '../../plan/hash.ts';
import type { Plan } from '../../plan/plan.ts';
import { ORCHESTRATION_VERSION } from './order.ts';
import type { Given, StartDeps, StartOrder } from './order.ts';

export function headerOf(
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
    reason,
    requestedBy: by,
    requestedAt: at,
    ...(firstBadAt === null ? {} : { firstBadAt }),
    ...(approvalsNeeded === undefined ? {} : { approvalsNeeded }),
    token,
    orchestrationVersion: ORCHESTRATION_VERSION,
    ...UNBEGUN,
  };
}

/** What the record begins with: who asked, what the watch saw, who held or let go since the last execution. */
export async function firstHappenings(
  deps: StartDeps,
  { plan, detected }: StartOrder,
  header: ExecutionRecord,
): Promise<readonly Happening[]> {
  return [
    requested(header),
    ...(detected === undefined ? [] : [{ type: 'detected', data: detected } as const]),
    ...(await restraintsChanged(deps, plan)),
  ];
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
