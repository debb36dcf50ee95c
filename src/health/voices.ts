import type { Instant } from '../core/clock.ts';
import type { Domain, Standing } from '../core/watching.ts';
import type { WatchRule } from '../plan/watch.ts';

/** What the signals that tell of a site's health have to say of it, sorted. */
export interface Voices {
  /** Taken for bad, and still bad. */
  readonly failed: readonly Standing[];
  /** Bad at the latest look, not often enough yet. */
  readonly suspected: readonly Standing[];
  /** Taken for bad, but good at the latest look. */
  readonly recovering: readonly Standing[];
  readonly good: readonly Standing[];
  /** Where those that say `failed` look from: two from one place could fail together, and count once. */
  readonly domains: ReadonlySet<Domain>;
  /** The first bad look of those that say `failed`. */
  readonly firstBadAt: Instant;
}

export function voicesOf(standings: readonly Standing[], site: string): Voices {
  const all = standings.filter((one) => one.site === site && one.judges === 'health');
  const bad = all.filter(({ run }) => run?.as === 'bad');
  const good = all.filter(({ run }) => run?.as === 'good');
  const failed = bad.filter(({ is }) => is === 'bad');
  return {
    failed,
    suspected: bad.filter(({ is }) => is !== 'bad'),
    recovering: good.filter(({ is }) => is === 'bad'),
    good: good.filter(({ is }) => is !== 'bad'),
    domains: new Set(failed.map(({ domain }) => domain)),
    firstBadAt: failed.map(({ run }) => run?.since ?? '').sort()[0] ?? '',
  };
}

/** `front at east: bad 3 times since 10:03:30 (no answer within 5 s)`. */
export function lineOf(
  { signal, site, judges, run, is, sees, unclear }: Standing,
  { stale, rule }: { readonly stale: boolean; readonly rule: WatchRule },
): string {
  // One signal may tell of both: whether its site serves, and whether the other one could.
  const name = `${signal} at ${site}${judges === 'readiness' ? ' (readiness)' : ''}`;
  const silent = unclear === undefined ? '' : `; now it tells nothing: ${unclear}`;
  if (run === null) return `${name}: has told nothing yet${silent}`;
  if (stale) return `${name}: has told nothing since ${timeOf(run.last)}${silent}`;
  if (run.as === 'bad')
    return `${name}: bad ${run.count === 1 ? 'once' : `${run.count} times`} since ${timeOf(run.since)} (${sees})${silent}`;
  if (is === 'bad') {
    return `${name}: good ${run.count} of ${rule.recoveries} times after it was bad (${sees})${silent}`;
  }
  return `${name}: good${silent}`;
}

function timeOf(at: Instant): string {
  return at.slice(11, 19);
}
