import type { World } from '../service.ts';

/** One row of the café's table. `at` is when it was committed on the primary. */
export interface Row {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly at: number;
}

/** A database and its asynchronous copy: rows reach the copy seconds later, in order, while the link is up. */
export interface Replica {
  rows(): readonly Row[];
  insert(row: Omit<Row, 'id'>): Row;
  /** The age of the oldest row that the copy lacks; 0 when it lacks none. */
  lagSeconds(): number;
  /** Everything goes over: the last act of a planned failover. */
  flush(): void;
  /** The copy becomes the original. What it lacks stays behind. */
  swap(): void;
  /** The copy is made anew from the original. */
  reseed(): void;
  /** The link may be up again: what waited sets off. */
  relink(): void;
}

const LAG_SECONDS: readonly [number, number] = [1, 5];

export function createReplica(world: World, seed: readonly Row[], linked: () => boolean): Replica {
  let original = [...seed];
  let copy = [...seed];
  /** Rows that set off before a swap or a reseed must not arrive after it. */
  let generation = 0;
  const copyUpTo = (count: number): void => void copy.push(...original.slice(copy.length, count));
  const send = (): void => {
    const born = generation;
    const count = original.length;
    world.after(world.between(...LAG_SECONDS), () => {
      if (born === generation && linked()) copyUpTo(count);
    });
  };
  return {
    rows: () => original,
    insert: (row) => {
      const added = { ...row, id: (original.at(-1)?.id ?? 0) + 1 };
      original.push(added);
      send();
      return added;
    },
    lagSeconds: () => {
      const oldest = original[copy.length];
      return oldest === undefined ? 0 : (world.clock.now() - oldest.at) / 1000;
    },
    flush: () => copyUpTo(original.length),
    swap: () => {
      generation += 1;
      [original, copy] = [copy, original];
    },
    reseed: () => {
      generation += 1;
      copy = [...original];
    },
    relink: send,
  };
}
