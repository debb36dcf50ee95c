import { canonicalText } from '../../core/canonical.ts';
import { sha256 } from '../../core/chain.ts';
import { secondsBetween } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import type { Standing, Verdict, Weight } from '../../core/watching.ts';
import { decide } from '../../health/decide.ts';
import { settle } from '../../health/standing.ts';
import type { WatchState } from '../../records/watch-states.ts';
import type { Sight } from './look.ts';
import type { Subject } from './subject.ts';
import type { Wanted } from '../../health/signals/source.ts';

/** A subject with what this tick came to. */
export interface Judged extends Subject {
  readonly after: WatchState;
  /** Nothing but times has changed, and those that stand in the store are young enough. */
  readonly isSettled: boolean;
  /** It says the same as the last time, and that was not long ago. */
  readonly isTold: boolean;
}

/** Equal evaluations are noted again this often, so that the record shows that somebody looked. */
const TOLD_SECONDS = 600;

export function judge(subject: Subject, sight: Sight, at: Instant): Judged {
  const { plan, watch, active, other } = subject;
  const before = subject.before?.value ?? null;
  const sameSite = before?.active === active;
  const signals = sha256(canonicalText(subject.signals));
  const standings = standingsOf(subject, sight, signals);
  const { heard } = sight;
  const verdict = decide({ active, other, rule: watch.rule, standings, heard, now: at });
  const same = sameSite && before.verdict.is === verdict.is;
  const isTold =
    same &&
    before.verdict.sentence === verdict.sentence &&
    verdict.is === 'healthy' &&
    secondsBetween(before.toldAt, at) < TOLD_SECONDS;
  const after: WatchState = {
    plan: plan.name,
    active,
    at,
    readAllAt: sight.whole.has(plan.name) ? at : (before?.readAllAt ?? null),
    standings,
    signals,
    verdict,
    since: same ? before.since : at,
    failedSince: failedSince(verdict, sameSite ? before.failedSince : null, at),
    toldAt: isTold ? before.toldAt : at,
  };
  return {
    ...subject,
    after,
    isTold,
    isSettled: before !== null && isTold && isYoung(before, after, watch.rule.staleSeconds),
  };
}

/** Twice within the time after which what was seen is stale. */
function isYoung(before: WatchState, after: WatchState, staleSeconds: number): boolean {
  return (
    before.readAllAt === after.readAllAt &&
    before.signals === after.signals &&
    secondsBetween(before.at, after.at) < staleSeconds / 2 &&
    sayings(before) === sayings(after)
  );
}

function sayings({ standings }: WatchState): string {
  return standings
    .map((one) => [one.signal, one.site, one.is, one.run?.as, one.unclear].join())
    .join(';');
}

function failedSince({ is }: Verdict, before: Instant | null, at: Instant): Instant | null {
  if (is === 'healthy') return null;
  return is === 'failed' || is === 'both-down' ? (before ?? at) : before;
}

/** In the order of the plan; what it names no more is forgotten. */
function standingsOf(subject: Subject, sight: Sight, looksAt: string): Standing[] {
  const { plan, watch, signals } = subject;
  const known = stillCounts(subject, looksAt) ? (subject.before?.value.standings ?? []) : [];
  const looks = sight.looks.get(plan.name) ?? [];
  return signals.flatMap((wanted) =>
    JUDGES.flatMap((judges) => {
      const isOf = (one: Pick<Standing, 'signal' | 'site' | 'judges'>): boolean =>
        one.signal === wanted.signal.id && one.site === wanted.site && one.judges === judges;
      const earlier = known.find(isOf) ?? null;
      const looked = looks.find(isOf);
      if (looked === undefined) return earlier === null ? [] : [earlier];
      return [settle(earlier, looked, { rule: watch.rule, weight: weightOf(wanted) })];
    }),
  );
}

/**
 * A site that rested answers differently from one that serves, and a signal that was changed looks at something else:
 * what was seen then does not count.
 */
function stillCounts({ before, active }: Subject, looksAt: string): boolean {
  return before?.value.active === active && (before.value.signals ?? looksAt) === looksAt;
}

/** One signal may tell of both. */
const JUDGES = ['health', 'readiness'] as const;

function weightOf({ signal }: Wanted): Weight {
  if (signal.uses !== 'alert') return 'signal';
  return signal.with.confirmed ? 'proof' : 'hint';
}
