import type { Job, ProtectedItem, RecoveryPlan } from '../../azure/access.ts';
import { canonicalId, resourceName } from '../../core/resource-id.ts';
import type { Operation } from '../../core/step.ts';
import type { Refusal, StepContext } from '../contract.ts';
import type { CommitSettings } from './settings.ts';

/** The named machines of a vault as Site Recovery sees them. */
export interface Vault {
  readonly items: readonly ProtectedItem[];
  /** Names that are not protected, or by more than one item. */
  readonly unclear: readonly string[];
  /** Null when none is named or it does not exist. */
  readonly plan: RecoveryPlan | null;
}

export async function lookAtVault(
  context: StepContext,
  { vault, machines, recoveryPlan }: CommitSettings,
): Promise<Vault> {
  const { siteRecovery } = context.azure;
  const [all, plan] = await Promise.all([
    siteRecovery.items(vault),
    recoveryPlan === undefined ? null : siteRecovery.plan(vault, recoveryPlan),
  ]);
  const found = machines.map((name) => ({
    name,
    items: all.filter((item) => item.friendlyName.toLowerCase() === name.toLowerCase()),
  }));
  return {
    plan,
    items: found.flatMap(({ items }) => (items.length === 1 ? items : [])),
    unclear: found.filter(({ items }) => items.length !== 1).map(({ name }) => name),
  };
}

export function unclearMachines({ unclear }: Vault, { vault }: CommitSettings): Refusal {
  const message =
    `${unclear.join(', ')} is not protected by exactly one item of ${resourceName(vault)}. ` +
    'Replicate each machine once, or correct the names in the plan.';
  return { refuse: { code: 'MACHINE_NOT_PROTECTED', message } };
}

/** Where the machine runs by Site Recovery's word. Reprotecting swaps the locations and makes it "Primary" again. */
export function activeRegion(item: ProtectedItem): string {
  return item.activeLocation === 'Recovery' ? item.recoveryLocation : item.primaryLocation;
}

/** Whether the machine has arrived in `region`. */
export function isIn(item: ProtectedItem, region: string): boolean {
  return sameRegion(activeRegion(item), region);
}

/** `East US` and `eastus` are the same. */
export function sameRegion(left: string, right: string): boolean {
  return plain(left) === plain(right);
}

function plain(region: string): string {
  return region.replaceAll(' ', '').toLowerCase();
}

export function isCommitted({ protectionState }: ProtectedItem): boolean {
  return protectionState === 'UnplannedFailoverCommitted';
}

/** Test machines wait to be cleaned up; until then nothing else is allowed. */
export function isTested({ testFailoverState }: ProtectedItem): boolean {
  return testFailoverState !== '' && testFailoverState !== 'None';
}

export function allows(item: ProtectedItem, operation: string): boolean {
  return item.allowedOperations.includes(operation);
}

export function names(items: readonly ProtectedItem[]): string {
  return items.map(({ friendlyName }) => friendlyName).join(', ');
}

/** The plan, when using it would touch these items and no others. */
export function planFor(
  { plan }: Vault,
  items: readonly ProtectedItem[],
  operation: string,
): RecoveryPlan | null {
  if (plan?.allowedOperations.includes(operation) !== true) return null;
  const covered = plan.groups.flat().map(canonicalId).sort();
  const wanted = items.map(({ id }) => canonicalId(id)).sort();
  return JSON.stringify(covered) === JSON.stringify(wanted) ? plan : null;
}

/** A job that was found running, as an operation to be followed by reading the job. */
export function jobOperation(
  call: string,
  scenario: { readonly jobId: string; readonly startedAt: string },
): Operation {
  const { jobId, startedAt } = scenario;
  return { call, name: `job ${resourceName(jobId)}`, startedAt, handle: { jobId } };
}

/** The running job of the recovery plan, when it has that scenario: its items show nothing in the first minute. */
export async function planJob(
  context: StepContext,
  { plan }: Vault,
  scenario: string,
): Promise<Operation | null> {
  if (plan?.currentScenario?.name !== scenario) return null;
  const job = await context.azure.siteRecovery.job(plan.currentScenario.jobId);
  if (job === null || !isOpen(job)) return null;
  const startedAt = job.startedAt ?? context.stepStartedAt;
  return jobOperation('found', { jobId: job.id, startedAt });
}

/** The same, also when the items show it. They go on naming a test failover after its job, until it is cleaned up. */
export async function runningJob(
  context: StepContext,
  vault: Vault,
  scenario: string,
): Promise<Operation | null> {
  const shown = vault.items.flatMap(({ currentScenario }) =>
    currentScenario?.name === scenario ? [currentScenario] : [],
  );
  for (const one of new Map(shown.map((each) => [each.jobId, each])).values()) {
    const job = await context.azure.siteRecovery.job(one.jobId);
    if (job !== null && isOpen(job)) return jobOperation('found', one);
  }
  return planJob(context, vault, scenario);
}

function isOpen({ state }: Job): boolean {
  return state === 'InProgress' || state === 'NotStarted';
}
