import type { Motion, StepContext } from '../contract.ts';
import { followOperation } from '../operation.ts';
import { factsOf, lookAtPlaces, setAddress, wasAttached, words } from './places.ts';
import type { Place } from './places.ts';
import type { Settings } from './settings.ts';

const LOOK_SECONDS = 5;

/** Takes off what this execution has attached; what was attached before stays. */
export const undo: Motion<Settings> = {
  async observe(context, settings) {
    const places = await lookAtPlaces(context, settings);
    const goal = ours(context, places).length === 0 ? 'met' : 'unmet';
    return { goal, sentence: words(places), facts: factsOf(places) };
  },

  async act(context, settings) {
    const places = await lookAtPlaces(context, settings);
    return ours(context, places).map((place) => setAddress(context, place, false));
  },

  poll: (context, _settings, operation) => followOperation(context, operation),

  async verify(context, settings) {
    const places = await lookAtPlaces(context, settings);
    const sentence = words(places);
    return ours(context, places).length === 0
      ? { holds: true, proof: factsOf(places), sentence }
      : { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
  },
};

function ours(context: StepContext, places: readonly Place[]): readonly Place[] {
  return places.filter((place) => place.is === 'attached' && !wasAttached(context.before, place));
}
