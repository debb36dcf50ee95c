import { instant } from '../../src/core/clock.ts';
import type { Instant } from '../../src/core/clock.ts';
import type { Domain, Standing, Weight } from '../../src/core/watching.ts';
import type { Look } from '../../src/health/look.ts';
import { settle } from '../../src/health/standing.ts';
import type { WatchRule } from '../../src/plan/watch.ts';

export const RULE: WatchRule = { quorum: 2, failures: 3, recoveries: 3, staleSeconds: 180 };
const START = Date.parse('2026-11-21T10:00:00Z');

export function at(seconds: number): Instant {
  return instant(START + seconds * 1000);
}

/** `g` good, `b` bad, `u` unclear, `-` no look at all: one sign a tick of 30 s. */
export type Trace = string;

export interface Seen {
  readonly signal?: string;
  readonly site?: string;
  readonly domain?: Domain;
  readonly weight?: Weight;
  readonly rule?: WatchRule;
  readonly everySeconds?: number;
}

const AS: Readonly<Record<string, Look['as']>> = { g: 'good', b: 'bad', u: 'unclear' };

/** What a signal has come to say after a trace of looks; null when there was none. */
export function standingAfter(trace: Trace, seen: Seen = {}): Standing | null {
  const { signal = 'front', site = 'east', domain = 'our-network', weight = 'signal' } = seen;
  const { rule = RULE, everySeconds = 30 } = seen;
  return trace.split('').reduce((before: Standing | null, sign, index) => {
    const as = AS[sign];
    if (as === undefined) return before;
    const look: Look = {
      ...{ plan: 'cafe', signal, site, domain, judges: 'health', as },
      sees: as,
      at: at(index * everySeconds),
    };
    return settle(before, look, { rule, weight });
  }, null);
}
