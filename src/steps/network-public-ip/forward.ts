import type { Motion } from '../contract.ts';
import { followOperation } from '../operation.ts';
import { factsOf, lookAtPlaces, setAddress, words } from './places.ts';
import type { Settings } from './settings.ts';

const LOOK_SECONDS = 5;

export const forward: Motion<Settings> = {
  async observe(context, settings) {
    const places = await lookAtPlaces(context, settings);
    const facts = factsOf(places);
    const sentence = words(places);
    if (places.every(({ is }) => is === 'attached')) return { goal: 'met', sentence, facts };
    // A restored machine's interface may be listed a moment after its failover has ended.
    const waits = places.every(({ is }) => is === 'attached' || is === 'absent');
    return waits
      ? { goal: 'blocked', sentence, facts, retryAfterSeconds: LOOK_SECONDS }
      : { goal: 'unmet', sentence, facts };
  },

  async act(context, settings) {
    const places = await lookAtPlaces(context, settings);
    const impossible = places.filter(({ is }) => is === 'impossible');
    if (impossible.length > 0) {
      const message = `${words(impossible)} Mend that in ${settings.group}, or correct the plan.`;
      return { refuse: { code: 'ADDRESS_NOT_ATTACHABLE', message } };
    }
    return places
      .filter(({ is }) => is === 'free')
      .map((place) => setAddress(context, place, true));
  },

  poll: (context, _settings, operation) => followOperation(context, operation),

  async verify(context, settings) {
    const places = await lookAtPlaces(context, settings);
    const sentence = words(places);
    if (!places.every(({ is }) => is === 'attached')) {
      return { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
    }
    const addresses = places.map(({ wanted, interfaceId, address }) => ({
      interface: interfaceId,
      publicAddress: wanted.address,
      address: address?.address ?? null,
      name: address?.fqdn ?? null,
    }));
    return { holds: true, sentence, proof: { addresses } };
  },
};
