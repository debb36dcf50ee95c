import type { World } from '../service.ts';
import { NEGATIVE_TTL, plainName } from './zone.ts';
import type { Answer } from './zone.ts';

/** A server that answers questions about names. */
export type Resolver = (name: string) => Answer;

interface Cached {
  readonly answer: Answer;
  readonly until: number;
}

/**
 * A public resolver: it keeps every answer for its TTL, so what it says may be that much out of date. The fault
 * `dns/stale` (slow-operation) makes it keep an answer that has run out for `factor` times its TTL more, as some
 * resolvers do.
 */
export function cachingResolver(world: World, authority: Resolver): Resolver {
  const cache = new Map<string, Cached>();
  return (asked) => {
    const name = plainName(asked);
    const known = cache.get(name);
    if (known !== undefined && world.clock.now() < known.until) return aged(world, known);
    const next = held(world, name, known) ?? keep(world, authority(name), 1);
    cache.set(name, next);
    return aged(world, next);
  };
}

function keep(world: World, answer: Answer, factor: number): Cached {
  const seconds = lifetime(answer) * factor;
  return { answer, until: world.clock.now() + (seconds * 1000) / world.speed };
}

function held(world: World, name: string, known: Cached | undefined): Cached | null {
  if (known === undefined) return null;
  const fault = world.takeFault('dns/stale', name);
  return fault === null ? null : keep(world, known.answer, fault.factor ?? 10);
}

/** The chain is kept as long as its shortest record. */
function lifetime({ records }: Answer): number {
  if (!records.some(({ type }) => type === 'A')) return NEGATIVE_TTL;
  return Math.min(...records.map(({ ttl }) => ttl));
}

/** A cache tells on what is left of the time to live. */
function aged(world: World, { answer, until }: Cached): Answer {
  const left = Math.ceil(((until - world.clock.now()) * world.speed) / 1000);
  return {
    ...answer,
    records: answer.records.map((record) => ({ ...record, ttl: Math.min(record.ttl, left) })),
  };
}
