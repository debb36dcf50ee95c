import type { Clock } from '../../src/core/clock.ts';
import type { Faults } from './faults.ts';
import { seededGuid, seededRandom } from './random.ts';
import type { Outages, World } from './service.ts';

export interface WorldOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly speed: number;
  readonly outages: Outages;
  readonly faults: Faults;
}

/** The simulated time and chance that all services share. */
export function createWorld({ clock, seed, speed, outages, faults }: WorldOptions): World {
  const random = seededRandom(seed);
  const agenda = createAgenda(clock);
  return {
    clock: { now: agenda.now, sleep: (ms, signal) => clock.sleep(ms, signal) },
    random,
    newId: () => seededGuid(random),
    outages,
    after: (seconds, effect) => agenda.plan(agenda.now() + (seconds * 1000) / speed, effect),
    catchUp: agenda.catchUp,
    speed,
    between: (low, high) => low + random() * (high - low),
    takeFault: (operation, resource, kinds) => faults.take(operation, resource, kinds),
  };
}

interface Due {
  readonly at: number;
  readonly effect: () => void;
}

/** What is to happen, in order of time and then of planning. It runs when somebody looks, at the time it was due. */
function createAgenda(clock: Clock): {
  now: () => number;
  plan: (at: number, effect: () => void) => void;
  catchUp: () => void;
} {
  const due: Due[] = [];
  let present: number | null = null;
  return {
    now: () => present ?? clock.now(),
    plan: (at, effect) => {
      const later = due.findIndex((other) => other.at > at);
      due.splice(later === -1 ? due.length : later, 0, { at, effect });
    },
    catchUp: () => {
      if (present !== null) return;
      const until = clock.now();
      try {
        for (let next = due[0]; next !== undefined && next.at <= until; next = due[0]) {
          due.shift();
          present = next.at;
          next.effect();
        }
      } finally {
        present = null;
      }
    },
  };
}
