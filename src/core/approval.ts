import type { Instant } from './clock.ts';
import type { Principal } from './principal.ts';

/** What follows when not enough people have agreed in time. */
export const ON_EXPIRY = ['abort', 'continue', 'remind'] as const;
export type OnExpiry = (typeof ON_EXPIRY)[number];

/** So many different people must agree, none of them the one who asked. */
export interface Approval {
  readonly needed: number;
  readonly expiresAt: Instant;
  readonly since?: Instant;
  /** From `since` to the first expiry, and between reminders after it. */
  readonly seconds?: number;
  /** Absent in older records: abort. */
  readonly onExpiry?: OnExpiry;
  readonly reminders?: number;
  /** What people agree to and what may be lost, as it was known when they were asked. Absent in older records. */
  readonly sentence?: string;
}

export interface Agreement {
  readonly by: Principal;
  readonly at: Instant;
  readonly reason: string;
}

/** The approval that a step waits for. */
export interface StepApproval extends Approval {
  readonly agreed: readonly Agreement[];
  /** Why the step may go on; absent while it waits. */
  readonly through?: 'agreed' | 'expired';
}
