import { SYSTEM } from '../../../src/core/principal.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';

/** What the watch began or prepared, in the order in which it did. */
export function begunByItself({ told }: Run): readonly Told[] {
  return told
    .filter(({ header }) => header.requestedBy.id === SYSTEM.id && header.level === undefined)
    .toSorted((left, right) => left.header.requestedAt.localeCompare(right.header.requestedAt));
}

/** By the app's own clock. */
export function requestedAt({ header }: Told): number {
  return Date.parse(header.requestedAt);
}

/** By the world's clock. */
export function begunAt({ moments }: Run, { header }: Told): number {
  return moments(header.requestedAt).at(-1) ?? Date.parse(header.requestedAt);
}
