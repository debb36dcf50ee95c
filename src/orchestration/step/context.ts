import { instant, secondsBetween } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import type { ExecutionRecord, Fencing } from '../../core/execution.ts';
import type { AttemptRecord, Direction, StepRecord } from '../../core/step.ts';
import type { StepPage } from '../../records/executions.ts';
import type { LagBound, SentCall, SiteFacts, StepContext } from '../../steps/contract.ts';
import { identityOf } from '../acting.ts';
import type { Deps } from '../deps.ts';
import type { PinnedPlan } from '../pinned.ts';

/** Everything a step kind may use, for one look at one of the step's ways. */
export function stepContext(of: {
  deps: Deps;
  header: ExecutionRecord;
  step: StepRecord;
  attempts: StepPage['attempts'];
  plan: PinnedPlan;
  direction: Direction;
}): StepContext {
  const { deps, header, step, plan, direction } = of;
  const now = instant(deps.clock.now());
  let fencing: Promise<Fencing> | null = null;
  return {
    azure: deps.azureAs(identityOf(header)),
    clock: deps.clock,
    random: deps.random,
    http: deps.http,
    dns: deps.dns,
    publicResolvers: deps.publicResolvers,
    secret: deps.secret,
    step: step.id,
    execution: {
      id: header.id,
      kind: header.kind,
      mode: header.mode,
      from: siteFacts(plan, header.from),
      to: siteFacts(plan, header.to),
      startedAt: header.startedAt ?? header.requestedAt,
    },
    stepStartedAt: step.runStartedAt ?? now,
    before: step.before ?? null,
    sent: sentOn(of.attempts, direction),
    sentThere: direction === 'undo' ? sentOn(of.attempts, 'forward') : [],
    lastFailure: step.error ?? null,
    acceptedLossSeconds: acceptedLoss(header, step),
    approval: step.approval ?? null,
    closedAt: header.closedAt ?? null,
    dataLossLimitSeconds: plan.plan.dataLoss.limitSeconds,
    lag: () => lagBound(deps, header, step.fencing ?? header.fencing),
    fencing: () =>
      (fencing ??= isFresh(step, now)
        ? Promise.resolve(step.fencing)
        : plan.lookAtOldSide(deps, header.fencing)),
  };
}

function acceptedLoss({ accepted }: ExecutionRecord, { id }: StepRecord): number | null {
  const losses = accepted
    .filter(({ what, step }) => what === 'data-loss' && (step === undefined || step === id))
    .map(({ upToSeconds }) => upToSeconds ?? Infinity);
  return losses.length === 0 ? null : Math.max(...losses);
}

/** Looking takes as long as a dead side does not answer; a look of the last minute is good enough. */
const FENCING_SECONDS = 60;

/** What was seen before this run is not: a person has spoken since, and may have taken long. */
function isFresh(
  step: StepRecord,
  now: Instant,
): step is StepRecord & { readonly fencing: Fencing } {
  const { fencing, runStartedAt = now } = step;
  return (
    fencing !== undefined &&
    fencing.at >= runStartedAt &&
    secondsBetween(fencing.at, now) < FENCING_SECONDS
  );
}

function siteFacts(plan: PinnedPlan, name: string): SiteFacts {
  const site = plan.plan.sites[name];
  if (site === undefined) throw new Error(`Plan ${plan.plan.name} has no site ${name}.`);
  return site;
}

function sentOn(attempts: StepPage['attempts'], way: Direction): readonly SentCall[] {
  return attempts.flatMap(({ value }) => (value.direction === way ? [sentCall(value)] : []));
}

function sentCall({ call, sentAt, outcome, ended }: AttemptRecord): SentCall {
  if (outcome === 'refused') return { call, sentAt, ended: 'failed', refused: true };
  const how = outcome === 'completed' ? 'succeeded' : ended;
  return { call, sentAt, ...(how === undefined ? {} : { ended: how }) };
}

/** The last sample plus its age: never less than the true lag. It stops growing once the old side is fenced. */
export async function lagBound(
  deps: Deps,
  header: ExecutionRecord,
  fencing: Fencing | undefined,
): Promise<LagBound | null> {
  const sample = await deps.planStates.lag(header.plan);
  if (sample?.seconds == null || sample.sampledAt === null) return null;
  const fencedAt = fencing?.state === 'fenced' ? Date.parse(fencing.at) : deps.clock.now();
  const ageSeconds = Math.max(0, (fencedAt - Date.parse(sample.sampledAt)) / 1000);
  return {
    seconds: sample.seconds + ageSeconds,
    sampledAt: sample.sampledAt,
    sampledSeconds: sample.seconds,
  };
}
