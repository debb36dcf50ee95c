import { formatSeconds } from '../../core/duration.ts';
import { instant, secondsBetween } from '../../core/clock.ts';
import type {
  Call,
  LagBound,
  Motion,
  Observation,
  StepContext,
  Verification,
} from '../contract.ts';
import { followOperation, sentBy } from '../operation.ts';
import { chooseRoute, wasSent } from './route.ts';
import type { Settings } from './settings.ts';
import { isPrimary, lookAtSides, missing, obstacle, settledOn, words } from './sides.ts';
import type { Sides } from './sides.ts';
import { mayRunUntil } from './unaccounted.ts';

const LOOK_SECONDS = 5;
/** A group needs 40 to 60 s after a forced failover; an unplanned run waits for that rather than force again. */
const REST_SECONDS = 90;

export const forward: Motion<Settings> = {
  async observe(context, settings) {
    return judge(context, await lookAtSides(context, settings));
  },

  async act(context, settings) {
    // Looked at anew: between the observation and here somebody may have accepted, or the roles have changed.
    const seen = await lookAtSides(context, settings);
    const gone = isGone(context, seen) ? missing(seen) : null;
    if (gone !== null) return gone;
    if (judge(context, seen).goal !== 'unmet') return [];
    if (context.execution.mode === 'planned') return [failover(context, settings)];
    const route = await chooseRoute(context, settings, seen);
    if (route.take === 'ask') return route;
    return [
      route.take === 'planned'
        ? failover(context, settings)
        : forceFailover(context, settings, route.mayLose),
    ];
  },

  poll: (context, _settings, operation) => followOperation(context, operation),

  async verify(context, settings) {
    const { from, to } = await lookAtSides(context, settings);
    const planned = context.execution.mode === 'planned';
    if (!(planned ? settledOn(to, from) : tookOver(context, { from, to }))) {
      const sentence = `${words(to)}; ${words(from)}.`;
      return { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
    }
    return proven(context, { from, to });
  },
};

function judge(context: StepContext, seen: Sides): Observation {
  const { from, to } = seen;
  const planned = context.execution.mode === 'planned';
  const sentence = `${words(to)}; ${words(from)}.`;
  if (to.is === 'unreachable') return blocked(seen, sentence);
  if (to.is === 'Primary' && (planned ? from.is !== 'Primary' : tookOver(context, seen))) {
    return { goal: 'met', sentence, facts: seen };
  }
  if (to.is === 'Primary' && isPrimary(from, to)) {
    return blocked(seen, `Waits: ${to.server} has not noticed yet that ${from.server} took over.`);
  }
  if (isGone(context, seen)) return { goal: 'unmet', sentence, facts: seen };
  if (planned && isBusyWithOurs(context))
    return blocked(
      seen,
      'Waits: the group is busy, perhaps with the failover that was not answered.',
    );
  const hindrance = obstacle(from, to);
  const waits = planned || (couldSettle(seen) && isEarly(context));
  if (hindrance !== null && waits) return blocked(seen, `Waits: ${hindrance}.`);
  return { goal: 'unmet', sentence, facts: seen };
}

/** Both may call themselves primary: then the service's word on our own forced failover counts, or the states do. */
function tookOver({ sent }: StepContext, { from, to }: Sides): boolean {
  const forced = sent.some(({ call, ended }) => call === 'force-failover' && ended === 'succeeded');
  return isPrimary(to, from) || (to.is === 'Primary' && forced);
}

function blocked(seen: Sides, sentence: string): Observation {
  return { goal: 'blocked', sentence, facts: seen, retryAfterSeconds: LOOK_SECONDS };
}

/** Of a server that is left for dead nobody expects its group. */
function isGone({ execution }: StepContext, { from, to }: Sides): boolean {
  return to.is === 'missing' || (execution.mode === 'planned' && from.is === 'missing');
}

/** What was refused as busy beside a call of ours that nobody answered: it comes to its end, and is seen then. */
function isBusyWithOurs(context: StepContext): boolean {
  const { lastFailure, sent } = context;
  return lastFailure?.code === 'FailoverGroupBusy' && mayRunUntil(context, sent) !== null;
}

/** Both servers answer, so what hinders may pass by itself. */
function couldSettle({ from }: Sides): boolean {
  return from.is === 'Primary' || from.is === 'Secondary';
}

function isEarly(context: StepContext): boolean {
  return secondsBetween(context.stepStartedAt, instant(context.clock.now())) < REST_SECONDS;
}

function failover(context: StepContext, { group, to }: Settings): Call {
  return {
    name: 'failover',
    sentence: `POST failover of ${group} to ${to}`,
    send: async (signal) => sentBy('failover', await context.azure.sql.failover(to, group, signal)),
  };
}

function forceFailover(
  context: StepContext,
  { group, to }: Settings,
  mayLose: LagBound | null,
): Call {
  return {
    name: 'force-failover',
    mayLose,
    sentence: `POST forced failover (data loss allowed) of ${group} to ${to}`,
    send: async (signal) =>
      sentBy('force-failover', await context.azure.sql.forceFailover(to, group, signal)),
  };
}

/**
 * Only what this execution did itself can be called lossless: somebody else's failover may have been a forced one.
 * The lag's bound at this moment is never less than it was when the forced failover took effect.
 */
async function proven(context: StepContext, seen: Sides): Promise<Verification> {
  const forced = context.sent.filter(({ call }) => call === 'force-failover').at(-1);
  const adopted = context.sent.length === 0;
  // Lossless is only what the service said to have ended well: after a failed or unanswered call of ours, the group may
  // have been forced by somebody else.
  const moved = context.sent.some(
    ({ call, ended }) => call === 'failover' && ended === 'succeeded',
  );
  const bound = forced === undefined ? null : await context.lag();
  const usable = bound !== null && forced !== undefined && bound.sampledAt < forced.sentAt;
  const lossSeconds = adopted
    ? null
    : forced === undefined
      ? moved
        ? 0
        : null
      : usable
        ? bound.seconds
        : null;
  const how = adopted
    ? 'moved by somebody else'
    : wasSent(context, 'force-failover')
      ? `forced; ${lossSeconds === null ? 'the data loss is unknown' : `at most ${formatSeconds(lossSeconds)} of data lost`}`
      : moved
        ? 'moved without loss'
        : 'moved, but whether by our call is not known';
  return {
    holds: true,
    proof: { ...seen, forced: forced !== undefined, lossSeconds },
    sentence: `${words(seen.to)}, ${how}.`,
    lossSeconds,
  };
}
