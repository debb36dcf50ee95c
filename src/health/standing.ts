import { secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { DEAR_SECONDS, TICK_SECONDS } from '../core/watching.ts';
import type { Run, Standing, Weight } from '../core/watching.ts';
import type { WatchRule } from '../plan/watch.ts';
import type { Look } from './look.ts';

/** Looks that are closer than this are one look: two instances, or an alert's extra one, must not hasten the count. */
export const ONE_LOOK_SECONDS = 20;
/** Looks that are further apart do not follow each other: what happened in between nobody knows. */
const APART_SECONDS = 3 * TICK_SECONDS + 10;

/** One more look. One that tells nothing changes nothing but says why; an old one that is read again is no new look. */
export function settle(
  before: Standing | null,
  look: Look,
  { rule, weight }: { readonly rule: WatchRule; readonly weight: Weight },
): Standing {
  const { signal, site, domain, judges, sees, at } = look;
  const fresh = { signal, site, domain, judges, weight };
  if (look.as === 'unclear')
    return { is: 'unknown', run: null, sees: '', ...before, ...fresh, unclear: sees };
  const run = before?.run ?? null;
  const since = run === null ? Infinity : secondsBetween(run.last, at);
  const known = since < 0 || (since === 0 && run?.as === look.as);
  if (before !== null && known) return { is: before.is, run, sees: before.sees, ...fresh };
  const follows = since <= APART_SECONDS;
  const next = follows && run?.as === look.as ? longer(run, at) : begun(look.as, at);
  const held = follows ? (before?.is ?? 'unknown') : 'unknown';
  const enough = next.as === 'bad' ? (weight === 'proof' ? 1 : rule.failures) : rule.recoveries;
  const turned = next.count >= enough || (next.as === 'good' && held !== 'bad');
  return { ...fresh, is: turned ? next.as : held, run: next, sees };
}

function begun(as: Run['as'], at: Instant): Run {
  return { as, count: 1, since: at, last: at };
}

function longer(run: Run, at: Instant): Run {
  return secondsBetween(run.last, at) < ONE_LOOK_SECONDS
    ? run
    : { ...run, count: run.count + 1, last: at };
}

/** What was heard too long ago says nothing. Good news of a source that is asked seldom lasts until it is asked again. */
export function isStale(
  { run, domain }: Standing,
  { staleSeconds }: WatchRule,
  now: Instant,
): boolean {
  if (run === null) return true;
  const seldom = run.as === 'good' && domain !== 'our-network';
  const lasts = seldom ? Math.max(staleSeconds, DEAR_SECONDS + 2 * TICK_SECONDS) : staleSeconds;
  return secondsBetween(run.last, now) > lasts;
}
