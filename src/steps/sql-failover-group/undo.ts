import type { Motion, Observation, StepContext } from '../contract.ts';
import { followOperation, sentBy } from '../operation.ts';
import type { Settings } from './settings.ts';
import { lookAtSides, missing, obstacle, settledOn, sidesOf, words } from './sides.ts';
import type { Sides } from './sides.ts';
import { mayRunUntil } from './unaccounted.ts';

const LOOK_SECONDS = 5;

/** Back to the server that was primary, always without loss: a forced way back could lose what was written since. */
export const undo: Motion<Settings> = {
  async observe(context, settings) {
    const seen = await lookAtSides(context, settings);
    const { from, to } = seen;
    if (!wasPrimary(context)) {
      const sentence = `${from.server} was not primary before; nothing is to be undone.`;
      return { goal: 'met', sentence, facts: seen };
    }
    const sentence = `${words(from)}; ${words(to)}.`;
    if (missing(seen) !== null) return { goal: 'unmet', sentence, facts: seen };
    if (from.is === 'Primary' && to.is !== 'Primary') return untouched(context, seen, sentence);
    const hindrance = obstacle(to, from);
    return hindrance === null ? { goal: 'unmet', sentence, facts: seen } : waits(seen, hindrance);
  },

  async act(context, settings) {
    const gone = missing(await lookAtSides(context, settings));
    if (gone !== null) return gone;
    const { group, from } = settings;
    return [
      {
        name: 'failover-back',
        sentence: `POST failover of ${group} to ${from}`,
        send: async (signal) =>
          sentBy('failover-back', await context.azure.sql.failover(from, group, signal)),
      },
    ];
  },

  poll: (context, _settings, operation) => followOperation(context, operation),

  async verify(context, settings) {
    const { from, to } = await lookAtSides(context, settings);
    const sentence = `${words(from)}; ${words(to)}.`;
    return !wasPrimary(context) || settledOn(from, to)
      ? { holds: true, proof: { from, to }, sentence }
      : { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
  },
};

/** Before it is called untouched: a failover that was begun without an answer would move it once nobody looks any more. */
function untouched(context: StepContext, seen: Sides, sentence: string): Observation {
  // The group does one thing at a time: what has come back since is not moved by what was sent before.
  const isBack = context.sent.some(({ ended }) => ended === 'succeeded');
  const until = isBack ? null : mayRunUntil(context, context.sentThere);
  return until === null
    ? { goal: 'met', sentence, facts: seen }
    : waits(
        seen,
        `a failover whose answer was lost may still be under way, until ${until} at the latest`,
      );
}

function waits(seen: Sides, hindrance: string): Observation {
  return {
    goal: 'blocked',
    sentence: `Waits: ${hindrance}.`,
    facts: seen,
    retryAfterSeconds: LOOK_SECONDS,
  };
}

/** A dead side could not be asked what it was; then the other one's word tells. */
function wasPrimary(context: StepContext): boolean {
  const before = sidesOf(context.before);
  return before?.to.is === 'Secondary' || before?.from.is === 'Primary';
}
