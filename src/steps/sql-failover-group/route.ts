import { formatSeconds } from '../../core/duration.ts';
import type { Ask, LagBound, StepContext } from '../contract.ts';
import { secondsOf } from '../schema.ts';
import type { Settings } from './settings.ts';
import { words } from './sides.ts';
import type { Sides } from './sides.ts';

export type Route =
  | { readonly take: 'planned' }
  | { readonly take: 'forced'; readonly mayLose: LagBound | null }
  | ({ readonly take: 'ask' } & Ask);

/** The bound grows while a person thinks; an answer takes on so much more than the question could say. */
const ANSWER_SECONDS = 600;

/** A planned failover failed like this because the old primary could not take part. */
const PRIMARY_UNREACHABLE: readonly string[] = [
  'PlannedFailoverTimedOut',
  'PlannedFailoverTimedOutForDatabase',
  'OperationTimedOut',
  'OperationInterrupted',
  'DatabaseUnavailable',
  'InvalidDatabaseStateForOperation',
];

/** These say nothing about the old primary: a lossless failover is still possible, and is tried again. */
const WORTH_REPEATING: readonly string[] = [
  'FailoverGroupBusy',
  'ConflictingServerOperation',
  'TooManyRequests',
  'SubscriptionTooManyRequests',
  'SubscriptionRequestsThrottled',
  'RequestTimeout',
  'AuthorizationFailed',
  'ANSWER_LOST',
  'NO_EFFECT',
];

/**
 * Lossless first: an unplanned failover is still made without loss when the old primary can take part. Whether the
 * application answers says nothing about its database, so the old server's own view decides, and then the attempt.
 */
export async function chooseRoute(
  context: StepContext,
  settings: Settings,
  seen: Sides,
): Promise<Route> {
  if (wasSent(context, 'force-failover'))
    return forceOrAsk(context, settings, 'a forced failover was begun, and has not ended well');
  if (seen.from.is !== 'Primary') return forceOrAsk(context, settings, words(seen.from));
  const failure = wasSent(context, 'failover') ? context.lastFailure : null;
  if (failure === null || WORTH_REPEATING.includes(failure.code)) return { take: 'planned' };
  const why = `the lossless failover failed (${failure.code}: ${failure.message})`;
  return PRIMARY_UNREACHABLE.includes(failure.code)
    ? forceOrAsk(context, settings, why)
    : ask(context, `${why}, for a reason that does not show that ${seen.from.server} is dead`);
}

export function wasSent(context: StepContext, call: string): boolean {
  return context.sent.some((one) => one.call === call);
}

async function forceOrAsk(context: StepContext, settings: Settings, why: string): Promise<Route> {
  const bound = await context.lag();
  const limit =
    settings.maxDataLoss === undefined
      ? context.dataLossLimitSeconds
      : secondsOf(settings.maxDataLoss);
  if (bound !== null && bound.seconds <= limit) return { take: 'forced', mayLose: bound };
  return ask(context, `${why}; ${formatSeconds(limit)} may be lost without asking`);
}

async function ask(context: StepContext, why: string): Promise<Route> {
  const bound = await context.lag();
  if (isAccepted(context, bound)) return { take: 'forced', mayLose: bound };
  const upToSeconds = bound === null ? null : Math.ceil(bound.seconds) + ANSWER_SECONDS;
  return {
    take: 'ask',
    ask: 'data-loss',
    upToSeconds,
    sentence: `A lossless failover cannot be made: ${why}. A forced one may lose ${lossWords(bound, upToSeconds)}.`,
  };
}

function isAccepted(
  { acceptedLossSeconds: accepted }: StepContext,
  bound: LagBound | null,
): boolean {
  return accepted !== null && (bound?.seconds ?? Infinity) <= accepted;
}

function lossWords(bound: LagBound | null, upToSeconds: number | null): string {
  if (bound === null || upToSeconds === null)
    return 'an unknown amount of data: there is no sample of the replication lag';
  const { seconds, sampledSeconds, sampledAt } = bound;
  return (
    `up to ${formatSeconds(seconds)} of data (${formatSeconds(sampledSeconds)} of lag at ${sampledAt}, and the time since). ` +
    `An answer counts up to ${formatSeconds(upToSeconds)}, beyond that it is asked again`
  );
}
