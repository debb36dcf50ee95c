import type { Motion, StepContext } from '../contract.ts';
import { followOperation, sentBy } from '../operation.ts';
import type { Settings } from './settings.ts';
import { lookAtSides, obstacle, settledOn, sidesOf, words } from './sides.ts';

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
    if (from.is === 'Primary' && to.is !== 'Primary') return { goal: 'met', sentence, facts: seen };
    const hindrance = obstacle(to, from);
    return hindrance === null
      ? { goal: 'unmet', sentence, facts: seen }
      : {
          goal: 'blocked',
          sentence: `Waits: ${hindrance}.`,
          facts: seen,
          retryAfterSeconds: LOOK_SECONDS,
        };
  },

  async act(context, { group, from }) {
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

/** A dead side could not be asked what it was; then the other one's word tells. */
function wasPrimary(context: StepContext): boolean {
  const before = sidesOf(context.before);
  return before?.to.is === 'Secondary' || before?.from.is === 'Primary';
}
