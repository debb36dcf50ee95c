import type { Instant } from './clock.ts';

/** Every plan that is watched is looked at this often. */
export const TICK_SECONDS = 30;

/** What costs reads of Azure is looked at this seldom while nothing is suspected. */
export const DEAR_SECONDS = 300;

/** Where a view could fail together with others: two views from one domain count once. */
export type Domain =
  'our-network' | 'traffic-manager' | 'resource-manager' | 'monitor' | 'resource-health';

/** Looks in a row that saw the same. */
export interface Run {
  readonly as: 'good' | 'bad';
  readonly count: number;
  readonly since: Instant;
  readonly last: Instant;
}

/** What one signal has come to say of one site, look by look. */
export interface Standing {
  readonly signal: string;
  readonly site: string;
  readonly domain: Domain;
  /** Whether it tells that the site serves, or that the other one could take over from it. */
  readonly judges: 'health' | 'readiness';
  readonly weight: Weight;
  /** What it is taken for: turns bad, and good again, only after so many looks in a row. */
  readonly is: 'good' | 'bad' | 'unknown';
  /** Null while it has not told anything yet. */
  readonly run: Run | null;
  /** What its latest look saw that told anything. */
  readonly sees: string;
  /** Why its latest look told nothing; absent when that told something. */
  readonly unclear?: string;
}

/**
 * `hint`: never enough without another signal, as an alert that its plan wants confirmed. `proof`: enough alone, and at
 * once.
 */
export type Weight = 'signal' | 'hint' | 'proof';

/** What all signals together come to, in the words in which people are told. */
export interface Verdict {
  readonly is: VerdictIs;
  readonly sentence: string;
  /** One line for each signal. */
  readonly because: readonly string[];
  /** The first bad look of those that say that the site has failed. */
  readonly firstBadAt?: Instant;
}

/**
 * `suspect`: something is bad, but not enough of it, or not for long enough. `both-down`: the other side could not
 * serve either. `cut-off`: whoever watches hears nothing at all, and is the one that is cut off. `unknown`: nobody says
 * anything.
 */
export type VerdictIs = 'healthy' | 'suspect' | 'failed' | 'both-down' | 'cut-off' | 'unknown';
