import type { TrafficEndpoint } from '../../azure/access.ts';
import type { Motion, StepContext } from '../contract.ts';
import { followOperation } from '../operation.ts';
import {
  factsOf,
  lookAtPair,
  missing,
  setEndpoint,
  statusesIn,
  wasMissing,
  whyNotAnswering,
  words,
} from './endpoints.ts';
import type { Pair } from './endpoints.ts';
import type { Settings } from './settings.ts';

const LOOK_SECONDS = 5;

/**
 * Restores the statuses that this step changed. Disabling comes first and enabling waits until the site answers: in
 * between the application may be closed, but traffic never points at a side that is not ready.
 */
export const undo: Motion<Settings> = {
  async observe(context, settings) {
    const pair = await lookAtPair(context, settings);
    if ('missing' in pair) {
      return { goal: 'unmet', sentence: `There is no ${pair.missing}.`, facts: {} };
    }
    const { disable, enable } = changes(context, settings, pair);
    const facts = factsOf(pair);
    const sentence = `${words(pair)}.`;
    if (disable.length === 0 && enable.length === 0) return { goal: 'met', sentence, facts };
    if (disable.length > 0) return { goal: 'unmet', sentence, facts };
    const answers = await Promise.all(enable.map((one) => whyNotAnswering(context, pair, one)));
    const silent = answers.find((answer) => answer !== null);
    return silent === undefined
      ? { goal: 'unmet', sentence, facts }
      : { goal: 'blocked', sentence: `Waits: ${silent}.`, facts, retryAfterSeconds: LOOK_SECONDS };
  },

  async act(context, settings, seen) {
    const pair = await lookAtPair(context, settings);
    if ('missing' in pair) return missing(pair.missing);
    const refusal = wasMissing(seen);
    if (refusal !== null) return refusal;
    const { disable, enable } = changes(context, settings, pair);
    return disable.length > 0
      ? disable.map((one) => setEndpoint(context, settings, one, false))
      : enable.map((one) => setEndpoint(context, settings, one, true));
  },

  poll: (context, _settings, operation) => followOperation(context, operation),

  async verify(context, settings) {
    const pair = await lookAtPair(context, settings);
    if ('missing' in pair) {
      const sentence = `There is no ${pair.missing}.`;
      return { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
    }
    const { disable, enable } = changes(context, settings, pair);
    const sentence = `${words(pair)}.`;
    return disable.length + enable.length === 0
      ? { holds: true, proof: factsOf(pair), sentence }
      : { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
  },
};

/** `close` and `automatic` write to the old endpoint only; the other one is not theirs to restore. */
function changes(
  context: StepContext,
  { control, part }: Settings,
  { from, to }: Pair,
): { readonly disable: readonly TrafficEndpoint[]; readonly enable: readonly TrafficEndpoint[] } {
  const before = statusesIn(context.before);
  if (before === null) return { disable: [], enable: [] };
  const onlyFrom = part === 'close' || control === 'automatic';
  const wanted = [
    { endpoint: from, enabled: before.from.enabled },
    ...(onlyFrom ? [] : [{ endpoint: to, enabled: before.to.enabled }]),
  ];
  const differing = wanted.filter(({ endpoint, enabled }) => endpoint.enabled !== enabled);
  const endpoints = (enabled: boolean): readonly TrafficEndpoint[] =>
    differing.filter((one) => one.enabled === enabled).map(({ endpoint }) => endpoint);
  return { disable: endpoints(false), enable: endpoints(true) };
}
