import { createHash } from 'node:crypto';
import { canonicalText } from './canonical.ts';
import type { Instant } from './clock.ts';
import { GENESIS } from './execution.ts';
import type { ChainHead } from './execution.ts';

/** An event that waits for its place in a stream. */
export interface Unlinked {
  readonly stream: string;
  readonly at: Instant;
  readonly type: string;
  readonly data: object;
}

export interface Link {
  readonly sequence: number;
  readonly prev: string;
  readonly hash: string;
}

export type Linked = Unlinked & Link;

/** Appends to a stream: the new event's hash covers the event and, through `prev`, every one before it. */
export function link<E extends Unlinked>(head: ChainHead, event: E): E & Link {
  const placed = { ...event, sequence: head.sequence + 1, prev: head.hash };
  return { ...placed, hash: hashOf(placed) };
}

export function headOf(event: Link): ChainHead {
  return { sequence: event.sequence, hash: event.hash };
}

export type ChainCheck =
  | { readonly intact: true; readonly head: ChainHead }
  | { readonly intact: false; readonly sequence: number; readonly why: string };

/** Walks one stream from its beginning, in the order given, to the first event that does not follow. */
export function verifyChain(events: readonly Linked[], from: ChainHead = GENESIS): ChainCheck {
  let head = from;
  for (const event of events) {
    const why = flaw(head, event);
    if (why !== null) return { intact: false, sequence: event.sequence, why };
    head = headOf(event);
  }
  return { intact: true, head };
}

function flaw(head: ChainHead, event: Linked): string | null {
  if (event.sequence !== head.sequence + 1) {
    return `event ${event.sequence} stands where event ${head.sequence + 1} belongs: events are missing, repeated or out of order`;
  }
  if (event.prev !== head.hash) {
    return `event ${event.sequence} does not follow the event before it: one of them was replaced`;
  }
  if (event.hash !== hashOf(event)) {
    return `event ${event.sequence} was changed after it was recorded`;
  }
  return null;
}

function hashOf(event: Unlinked & Omit<Link, 'hash'>): string {
  const { stream, sequence, at, type, data, prev } = event;
  return sha256(canonicalText({ stream, sequence, at, type, data, prev }));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
