import { isWithin } from '../../../src/core/resource-id.ts';

/** A management lock, which holds at its scope and below. */
export interface Lock {
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  /** Id of a subscription, a resource group or a resource. */
  readonly scope: string;
  readonly notes?: string;
}

export interface Locks {
  set(lock: Lock): void;
  removeAll(): void;
  all(): readonly Lock[];
  /** The lock that refuses a change of what is at the path; a POST is a write, whatever it does. */
  refusing(verb: 'write' | 'delete', path: string): Lock | null;
}

export function createLocks(seeds: readonly Lock[] = []): Locks {
  let locks = seeds;
  return {
    set: (lock) => {
      locks = [...locks, lock];
    },
    removeAll: () => {
      locks = [];
    },
    all: () => locks,
    refusing: (verb, path) =>
      locks.find(
        ({ level, scope }) => (level === 'ReadOnly' || verb === 'delete') && isWithin(path, scope),
      ) ?? null,
  };
}
