import { instant } from '../../core/clock.ts';
import { formatSeconds } from '../../core/duration.ts';
import type { Motion, Observation, StepContext, Verification } from '../contract.ts';
import { followOperation } from '../operation.ts';
import {
  factsOf,
  isServed,
  lookAtPair,
  missing,
  setEndpoint,
  wasMissing,
  whyNotReady,
  words,
} from './endpoints.ts';
import type { Pair } from './endpoints.ts';
import type { Settings } from './settings.ts';

const LOOK_SECONDS = 5;
/** From the sending of a write until Traffic Manager's name servers obey it. */
const PROPAGATION_SECONDS = 5;

/**
 * One write a round, so that each is read back before the next: Traffic Manager has no ETags. The new endpoint is
 * enabled before the old one is disabled, so that somebody always answers.
 */
export const forward: Motion<Settings> = {
  async observe(context, settings) {
    const pair = await lookAtPair(context, settings);
    if ('missing' in pair) {
      return { goal: 'unmet', sentence: `There is no ${pair.missing}.`, facts: {} };
    }
    const sentence = `${words(pair)}.`;
    if (isReached(settings, pair)) return { goal: 'met', sentence, facts: factsOf(pair) };
    const hindrance = await hindranceOf(context, settings, pair);
    if (hindrance !== null) {
      // Its own probes decide when it moves by itself.
      const ofAzure = settings.control === 'automatic';
      return { ...blocked(pair, `Waits: ${hindrance}.`), ofAzure };
    }
    return { goal: 'unmet', sentence, facts: factsOf(pair) };
  },

  async act(context, settings, seen) {
    const pair = await lookAtPair(context, settings);
    if ('missing' in pair) return missing(pair.missing);
    const refusal = wasMissing(seen);
    if (refusal !== null) return refusal;
    const { from, to } = pair;
    if (settings.part === 'close' && to.enabled) return wouldMove(pair);
    if (settings.part !== 'close' && !to.enabled) {
      return [setEndpoint(context, settings, to, true)];
    }
    return from.enabled ? [setEndpoint(context, settings, from, false)] : [];
  },

  poll: (context, _settings, operation) => followOperation(context, operation),

  async verify(context, settings) {
    const pair = await lookAtPair(context, settings);
    if ('missing' in pair) {
      const sentence = `There is no ${pair.missing}.`;
      return { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
    }
    const sentence = `${words(pair)}.`;
    const served = settings.part === 'close' || isServed(pair.to);
    if (!isReached(settings, pair) || !served) {
      return { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS, ofAzure: true };
    }
    const drained = settings.part === 'close' ? drainedAt(context, pair) : null;
    return drained === null ? proof(pair, sentence) : whenDrained(context, pair, drained);
  },
};

function isReached({ control, part }: Settings, { from, to }: Pair): boolean {
  if (from.enabled) return false;
  return part === 'close' || (control === 'automatic' ? to.monitor === 'Online' : to.enabled);
}

/** Why nothing may be written yet; null when the next write may go out. */
async function hindranceOf(
  context: StepContext,
  settings: Settings,
  { from, to }: Pair,
): Promise<string | null> {
  if (settings.control === 'automatic') {
    if (!to.enabled) return `${to.name} is disabled, so Traffic Manager cannot move by itself`;
    const moved = from.monitor !== 'Online' && from.monitor !== 'CheckingEndpoint';
    return moved && to.monitor === 'Online'
      ? null
      : `Traffic Manager still sees ${from.name} ${from.monitor} and ${to.name} ${to.monitor}`;
  }
  return settings.part === 'close' || settings.ready === undefined
    ? null
    : whyNotReady(context, settings.ready);
}

function blocked(pair: Pair, sentence: string): Observation {
  return { goal: 'blocked', sentence, facts: factsOf(pair), retryAfterSeconds: LOOK_SECONDS };
}

function wouldMove({ from, to }: Pair): { readonly refuse: { code: string; message: string } } {
  const message =
    `${to.name} is enabled although it is the passive endpoint: disabling ${from.name} would point traffic at it ` +
    `before its site is ready. Disable ${to.name}, then try again.`;
  return { refuse: { code: 'PASSIVE_ENDPOINT_ENABLED', message } };
}

/**
 * In a planned run the application counts as closed when clients' copies of the old answer have run out: only then
 * does nobody write any more. Unplanned runs do not wait for a side that is dead.
 */
function drainedAt(context: StepContext, { profile }: Pair): number | null {
  if (context.execution.mode === 'unplanned') return null;
  const times = [context.stepStartedAt, ...context.sent.map(({ sentAt }) => sentAt)];
  const last = Math.max(...times.map((time) => Date.parse(time)));
  return last + (PROPAGATION_SECONDS + profile.ttlSeconds) * 1000;
}

function whenDrained(context: StepContext, pair: Pair, drained: number): Verification {
  const left = Math.ceil((drained - context.clock.now()) / 1000);
  if (left <= 0) return proof(pair, `${words(pair)}; its name has run out of clients' caches.`);
  const sentence = `${words(pair)}; clients may keep its name for ${formatSeconds(pair.profile.ttlSeconds)}, until ${instant(drained)}.`;
  return { holds: false, sentence, retryAfterSeconds: left, ofAzure: true };
}

function proof(pair: Pair, sentence: string): Verification {
  return {
    holds: true,
    proof: { profile: pair.profile.fqdn, ttlSeconds: pair.profile.ttlSeconds, ...factsOf(pair) },
    sentence,
  };
}
