import type { Instant } from './clock.ts';
import type { Principal } from './principal.ts';

/** One version of a plan that was pushed: who changed it, when and why. Versions are only ever added. */
export interface PlanVersion {
  /** Counts from 1, and never goes back: an earlier text that is pushed again is a new version. */
  readonly number: number;
  /** SHA-256 of the text as it was written; of the last text where the plan was retired. */
  readonly hash: string;
  readonly by: Principal;
  readonly at: Instant;
  readonly reason: string;
  /** What stood in its way and was pushed past. */
  readonly despite?: readonly string[];
  /** The plan ends with this version, unless it is pushed again. */
  readonly retired?: true;
}

/** `version 8, pushed by Ada at 2026-11-21T10:00:00.000Z: longer time-out`. */
export function versionWords(
  version: Pick<PlanVersion, 'number' | 'at' | 'reason'> & {
    readonly by: Pick<Principal, 'name'>;
    readonly retired?: true;
  },
): string {
  const { number, by, at, reason, retired } = version;
  return `version ${number}, ${retired === true ? 'retired' : 'pushed'} by ${by.name} at ${at}: ${reason}`;
}
