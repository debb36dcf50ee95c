import type { Motion, StepContext } from '../contract.ts';
import { followOperation } from '../operation.ts';
import type { Settings } from './settings.ts';
import { factsOf, lookAt, start, words } from './sight.ts';
import type { Sight } from './sight.ts';

const LOOK_SECONDS = 5;

/** Starts machines. `deallocating` and `stopping` ones are waited for: they cannot be started yet. */
export function starting(
  which: (context: StepContext, settings: Settings) => readonly string[],
): Motion<Settings> {
  const look = (context: StepContext, settings: Settings): Promise<readonly Sight[]> =>
    lookAt(context, which(context, settings));
  return {
    async observe(context, settings) {
      const sights = await look(context, settings);
      const sentence = words(sights);
      const facts = factsOf(sights);
      const off = sights.filter(({ power }) => power !== 'running');
      if (off.length === 0) return { goal: 'met', sentence, facts };
      return off.every(({ power }) => power === 'starting')
        ? { goal: 'moving', sentence, facts, retryAfterSeconds: LOOK_SECONDS }
        : { goal: 'unmet', sentence, facts };
    },

    async act(context, settings) {
      const sights = await look(context, settings);
      const missing = sights.filter(({ power }) => power === 'missing').map(({ id }) => id);
      if (missing.length > 0) {
        const message = `${missing.join(', ')} does not exist. Restore it or correct the plan.`;
        return { refuse: { code: 'MACHINE_MISSING', message } };
      }
      return sights
        .filter(({ power }) => power === 'deallocated' || power === 'stopped')
        .map((sight) => start(context, sight));
    },

    poll: (context, _settings, operation) => followOperation(context, operation),

    async verify(context, settings) {
      const sights = await look(context, settings);
      const sentence = words(sights);
      return sights.every(({ power }) => power === 'running')
        ? { holds: true, proof: factsOf(sights), sentence }
        : { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
    },
  };
}
