import type { Motion, StepContext, Verification } from '../contract.ts';
import { followOperation } from '../operation.ts';
import type { Settings } from './settings.ts';
import { deallocate, factsOf, isOff, lookAt, words } from './sight.ts';
import type { Sight } from './sight.ts';

const LOOK_SECONDS = 10;

/**
 * Deallocates machines: only that frees them, `powerOff` leaves them allocated and billed. Machines that cannot be
 * read get no call, because its answer would be lost too.
 */
export function stopping(
  which: (context: StepContext, settings: Settings) => readonly string[],
): Motion<Settings> {
  const look = (context: StepContext, settings: Settings): Promise<readonly Sight[]> =>
    lookAt(context, which(context, settings));
  return {
    async observe(context, settings) {
      const sights = await look(context, settings);
      const facts = factsOf(sights);
      const sentence = words(sights);
      const on = sights.filter((sight) => !isOff(sight));
      if (on.length === 0) return { goal: 'met', sentence, facts };
      if (await arePresumedOff(context, on))
        return { goal: 'met', sentence, facts, presumed: true };
      if (on.every(({ power }) => power === 'deallocating')) {
        return { goal: 'moving', sentence, facts, retryAfterSeconds: LOOK_SECONDS };
      }
      return { goal: 'unmet', sentence, facts };
    },

    async act(context, settings) {
      const sights = await look(context, settings);
      return sights
        .filter((sight) => !isOff(sight))
        .filter(({ power }) => power !== 'unreachable' && power !== 'deallocating')
        .map((sight) => deallocate(context, sight));
    },

    poll: (context, _settings, operation) => followOperation(context, operation),

    verify: async (context, settings) => prove(context, await look(context, settings)),
  };
}

async function prove(context: StepContext, sights: readonly Sight[]): Promise<Verification> {
  const on = sights.filter((sight) => !isOff(sight));
  const sentence = words(sights);
  if (on.length === 0) return { holds: true, proof: factsOf(sights), sentence };
  if (await arePresumedOff(context, on)) {
    const presumed = `${sentence} Others see the whole side down, so they are presumed stopped.`;
    return { holds: true, proof: { ...factsOf(sights), presumed: true }, sentence: presumed };
  }
  return { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
}

/** Nobody can stop a machine of a dead region. It is enough that observers of two failure domains see that it is dead. */
async function arePresumedOff(context: StepContext, on: readonly Sight[]): Promise<boolean> {
  if (context.execution.mode === 'planned') return false;
  if (on.some(({ power }) => power !== 'unreachable')) return false;
  return (await context.fencing()).state !== 'unknown';
}
