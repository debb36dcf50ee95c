import { canonicalText } from '../../core/canonical.ts';
import { instant } from '../../core/clock.ts';
import { sha256 } from '../../core/chain.ts';
import { SwitchoverError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { versionWords } from '../../core/plan-version.ts';
import type { PlanVersion } from '../../core/plan-version.ts';
import type { Principal } from '../../core/principal.ts';
import { parsePlan } from '../../plan/parse.ts';
import type { Plan } from '../../plan/plan.ts';
import { formatProblems } from '../../plan/problem.ts';
import type { DeployedVersion } from '../../records/deployed-plans.ts';
import type { Loaded } from '../../records/partition.ts';
import { stepKinds } from '../../steps/registry.ts';
import { assessPush } from './assess.ts';
import type { Assessment } from './assess.ts';
import type { PlanDeps } from './deps.ts';

export interface PushOrder {
  readonly name: string;
  readonly text: string;
  readonly by: Principal;
  readonly reason: string;
  /** The number of the version that it follows, 0 for none; the newest when absent. */
  readonly base?: number | undefined;
  /** Push although the checks find that it could not be run now. */
  readonly despite: boolean;
}

export interface Pushed {
  readonly plan: string;
  readonly version: PlanVersion;
  /** The newest version says the same to the letter already: nothing was changed. */
  readonly unchanged: boolean;
  /** What the checks found all the same. */
  readonly findings: readonly Finding[];
  /** The execution that goes on with the version before. */
  readonly running: string | null;
}

/**
 * Makes a text the newest version of a plan. Of two that follow the same version one is refused, also when it came in
 * while the other one was being checked; the same text again changes nothing, so a push whose answer was lost can be
 * repeated. What runs goes on with what it was started with.
 */
export async function pushPlan(deps: PlanDeps, order: PushOrder): Promise<Pushed> {
  const plan = planOf(order);
  const before = await deps.deployed.of(plan.name);
  const running = await runningOf(deps, plan.name);
  if (before !== null && (await stands(deps, before.value, order)))
    return { plan: plan.name, version: before.value, unchanged: true, findings: [], running };
  assertFollows(order, before);
  const previous = before === null ? null : await readPrevious(deps, before.value);
  const assessment = await assessPush(deps, plan, previous);
  assertRunnable(order, assessment);
  const version = versionAfter(deps, order, before, assessment);
  await keepServing(deps, plan, previous);
  if (!(await deps.deployed.add({ plan: plan.name, ...version }, before, order.text)))
    throw changedMeanwhile(plan.name, (await deps.deployed.of(plan.name))?.value ?? null);
  if (before !== null) await forgetOtherData(deps, plan, previous);
  if (assessment.readiness !== null) await deps.readiness.put(assessment.readiness);
  deps.log({
    level: 'info',
    message: `${plan.name}: ${versionWords(version)}`,
    data: { plan: plan.name, what: 'plan-pushed', version: version.number },
  });
  return { plan: plan.name, version, unchanged: false, findings: assessment.findings, running };
}

/** Null when it cannot be read, or not any more. */
async function readPrevious({ deployed }: PlanDeps, before: DeployedVersion): Promise<Plan | null> {
  const found = await deployed.text(before);
  if ('lost' in found) return null;
  const parsed = parsePlan(`${before.plan}.yaml`, found.text, stepKinds);
  return parsed.ok ? parsed.value : null;
}

/**
 * A plan of which nothing is on record serves from home. That is put down with its first version: another home in a
 * later one, or the loss of this one's text, does not move it.
 */
async function keepServing(
  { planStates, clock }: PlanDeps,
  { name, home }: Plan,
  previous: Plan | null,
): Promise<void> {
  const site = previous?.home ?? home;
  await planStates.supposeActive({ plan: name, site, since: instant(clock.now()), by: 'push' });
}

/** A forced failover would take the lag of other databases for what these may lose. */
async function forgetOtherData(
  { planStates }: PlanDeps,
  { name, dataLoss }: Plan,
  previous: Plan | null,
): Promise<void> {
  const [then, now] = [previous?.dataLoss.databases ?? [], dataLoss.databases];
  if (canonicalText(then) !== canonicalText(now)) await planStates.forgetLag(name);
}

function planOf({ name, text }: PushOrder): Plan {
  const file = `${name}.yaml`;
  const parsed = parsePlan(file, text, stepKinds);
  if (!parsed.ok) {
    throw new SwitchoverError(
      'PLAN_INVALID',
      `Nothing was changed: the text is no valid plan.\n${formatProblems(parsed.error)}`,
      { details: { problems: parsed.error } },
    );
  }
  if (parsed.value.name === name) return parsed.value;
  throw new SwitchoverError(
    'PLAN_INVALID',
    `Nothing was changed: the text is of the plan ${parsed.value.name}, and was sent for ${name}.`,
  );
}

async function runningOf({ locks }: PlanDeps, plan: string): Promise<string | null> {
  return (await locks.held()).find((lock) => lock.plan === plan)?.holder ?? null;
}

/** Not where the text was lost since: pushed again, it comes back as a version that says who mended it. */
async function stands(
  { deployed }: PlanDeps,
  newest: DeployedVersion,
  { text }: PushOrder,
): Promise<boolean> {
  if (newest.retired === true || newest.hash !== sha256(text)) return false;
  return 'text' in (await deployed.text(newest));
}

function assertFollows({ name, base }: PushOrder, before: Loaded<DeployedVersion> | null): void {
  if (base === undefined || base === (before?.value.number ?? 0)) return;
  throw changedMeanwhile(name, before?.value ?? null);
}

function changedMeanwhile(plan: string, newest: PlanVersion | null): SwitchoverError {
  const [now, next] =
    newest === null
      ? ['there is none of that name', `Push it as a new one: leave out the version it follows.`]
      : [
          `the newest is ${versionWords(newest)}`,
          `See what that changed, take it in, and push again: switchover plan diff FILE`,
        ];
  return new SwitchoverError(
    'PLAN_CHANGED',
    `Nothing was changed: the plan ${plan} is not what this was made from, ${now}. ${next}`,
    { details: newest === null ? {} : { newest } },
  );
}

/** What the text itself gets wrong is never pushed; what is wrong out there now may be, when somebody says so. */
function assertRunnable({ name, despite }: PushOrder, assessment: Assessment): void {
  const { flaws, obstacles, findings } = assessment;
  const inTheWay = despite ? flaws : [...flaws, ...obstacles];
  if (inTheWay.length === 0) return;
  const sentences = inTheWay.map(sentenceOf);
  const way =
    flaws.length > 0
      ? 'Mend the file'
      : 'Mend that, or push all the same and let the record say so: --despite-findings';
  throw new SwitchoverError(
    'PLAN_NOT_READY',
    `Nothing was changed: ${name} could not be run like this.\n${sentences.join('\n')}\n${way}.`,
    { details: { findings } },
  );
}

function sentenceOf({ severity, step, resource, problem, remedy }: Finding): string {
  const where = step === undefined ? resource : `${step}: ${resource}`;
  return `${severity}: ${where}: ${problem.replace(/\.$/, '')}. ${remedy}`;
}

/** More than this would not fit a row, and nobody reads it there. */
const DESPITE_AT_MOST = 20;

function versionAfter(
  { clock }: PlanDeps,
  { text, by, reason }: PushOrder,
  before: Loaded<DeployedVersion> | null,
  { obstacles }: Assessment,
): PlanVersion {
  const despite = obstacles.slice(0, DESPITE_AT_MOST).map(sentenceOf);
  return {
    number: (before?.value.number ?? 0) + 1,
    hash: sha256(text),
    ...{ by, at: instant(clock.now()), reason },
    ...(despite.length === 0 ? {} : { despite }),
  };
}
