import type { JsonObject } from '../../../src/core/json.ts';
import { Refusal, errorResponse } from '../errors.ts';
import type { Fault, WireRequest, WireResponse } from '../service.ts';
import type { Subject } from './commit.ts';
import { allowedOperations, isReady, itemId } from './items.ts';
import type { ItemOperation, ProtectedItem } from './items.ts';
import type { Job, JobPlan, JobScenario, JobTarget, TaskPlan } from './jobs.ts';
import type { MachineRoom } from './machines.ts';
import { launch } from './operations.ts';
import { step, task } from './tasks.ts';
import type { RecoveryPlan, Vault } from './vault.ts';

/** How a refused operation is answered was never recorded: with 4xx at once, or by a job that fails at once. */
export type RefusalStyle = '4xx' | 'job-fails';

export interface Site extends MachineRoom {
  readonly refusal: RefusalStyle;
}

/** An operation of Site Recovery: what an item must allow, what its job is called, what faults call it. */
export interface Kind {
  readonly operation: ItemOperation;
  readonly scenario: JobScenario;
  readonly friendlyName: string;
  readonly fault: string;
  /** Whether a plan can do it for those of its items that are ready, or only for all of them together. */
  readonly needs: 'all' | 'some';
}

/** What a request acts on: one item, or the items of a plan by boot group. */
export interface Target extends JobTarget {
  readonly plan: RecoveryPlan | null;
  readonly groups: readonly (readonly ProtectedItem[])[];
}

export interface Action {
  readonly kind: Kind;
  readonly target: Target;
  /** The subjects are those items that are ready, by boot group. */
  readonly tasks: (groups: readonly (readonly Subject[])[]) => readonly TaskPlan[];
  readonly details: (subjects: readonly Subject[]) => JsonObject;
  /** What Location answers in the end. */
  readonly result: () => WireResponse;
}

/** Starts an operation, or refuses it when its items are not in the state for it. */
export function perform(
  site: Site,
  vault: Vault,
  request: WireRequest,
  action: Action,
): WireResponse {
  const { kind, target } = action;
  const { world } = site;
  if (!isAllowed(target, kind)) return refuse(site, vault, request, action);
  const id = world.newId();
  const groups = subjectsOf(site, target, kind);
  const subjects = groups.flat();
  const busy = { scenario: kind.scenario, jobId: id, since: world.clock.now() };
  for (const { item } of subjects) item.busy = busy;
  if (target.plan !== null) target.plan.busy = busy;
  const plan: JobPlan = {
    ...kind,
    target,
    tasks: action.tasks(groups),
    details: () => action.details(subjects),
    ended: (job) => release(site, job, target, subjects),
  };
  const effect = `${kind.friendlyName} of ${target.name} begun for ${subjects.map(({ item }) => item.friendlyName).join(', ')}`;
  return launch(id, { world, vault, request, plan, result: action.result, effect });
}

export function isAllowed({ plan, groups }: Target, { operation, needs }: Kind): boolean {
  if (plan !== null && plan.busy !== null) return false;
  const items = groups.flat();
  const ready = items.filter((item) => isReady(item, operation));
  return ready.length > 0 && (needs === 'some' || ready.length === items.length);
}

/** A fault of a plan strikes all its machines; one of an item that machine alone. */
function subjectsOf(
  { world }: Site,
  { id, groups, plan }: Target,
  { operation, fault }: Kind,
): readonly (readonly Subject[])[] {
  const ofPlan: Fault | null = plan === null ? null : world.takeFault(fault, id);
  return groups.map((group) =>
    group
      .filter((item) => isReady(item, operation))
      .map((item) => ({ item, fault: ofPlan ?? world.takeFault(fault, itemId(item)) })),
  );
}

function release({ world }: Site, job: Job, { plan }: Target, subjects: readonly Subject[]): void {
  for (const { item } of subjects) {
    item.busy = null;
    // Documented: "failover stops, but the VM won't replicate again".
    if (
      job.state === 'Cancelled' &&
      job.plan.scenario === 'UnplannedFailover' &&
      item.stage === 'protected'
    ) {
      item.stage = 'abandoned';
    }
  }
  if (plan === null) return;
  plan.busy = null;
  plan.lastEnd = planEnd(job);
  if (job.plan.scenario === 'UnplannedFailover') plan.lastFailoverAt = world.clock.now();
  if (job.plan.scenario === 'TestFailover') plan.lastTestFailoverAt = world.clock.now();
}

function planEnd({ state, plan }: Job): { readonly status: string; readonly description: string } {
  if (state !== 'Succeeded') return { status: state, description: state };
  return plan.scenario === 'TestFailover'
    ? { status: 'Suspended', description: 'WaitingForStopTestFailover' }
    : { status: 'Succeeded', description: 'Completed' };
}

function refuse(
  { world, refusal }: Site,
  vault: Vault,
  request: WireRequest,
  action: Action,
): WireResponse {
  const { kind, target } = action;
  const error = { code: NOT_ALLOWED, message: whyNot(action) };
  if (refusal === '4xx') throw new Refusal(errorResponse(400, error.code, error.message));
  const plan: JobPlan = {
    ...kind,
    target,
    tasks: [
      task('PrerequisitesCheck', 'Prerequisites check', () => [
        step('The check', 1, { complete: () => error }),
      ]),
    ],
    ended: () => undefined,
  };
  return launch(world.newId(), { world, vault, request, plan, result: action.result });
}

/** Made up: only its form, a number as a string, is known. */
const NOT_ALLOWED = '534';

function whyNot({ kind, target }: Action): string {
  const states = target.groups.flat().map((item) => {
    const doing = item.busy === null ? '' : ` and is busy with ${item.busy.scenario}`;
    return `${item.friendlyName} allows ${allowedOperations(item).join(', ')}${doing}`;
  });
  return `The operation ${kind.operation} is not allowed on ${target.name} now: ${states.join('; ')}.`;
}
