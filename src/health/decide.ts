import { counted } from '../core/counted.ts';
import type { Instant } from '../core/clock.ts';
import type { Standing, Verdict } from '../core/watching.ts';
import type { WatchRule } from '../plan/watch.ts';
import { isStale } from './standing.ts';
import { lineOf, voicesOf } from './voices.ts';
import type { Voices } from './voices.ts';

export interface Watched {
  readonly active: string;
  /** A cold site answers no probe while it rests: whether it could take over is a question of readiness. */
  readonly other: { readonly site: string; readonly isCold: boolean };
  readonly rule: WatchRule;
  readonly standings: readonly Standing[];
  /** Whether anything at all was heard of the world at this look, of any plan and site. */
  readonly heard: boolean;
  readonly now: Instant;
}

/** Weighs what was seen. Pure: the same standings give the same verdict, and it says why. */
export function decide(watched: Watched): Verdict {
  const { active, other, rule, standings, now } = watched;
  const speaking = standings.filter((one) => !isStale(one, rule, now));
  const here = voicesOf(speaking, active);
  const there = other.isCold ? null : voicesOf(speaking, other.site);
  const because = standings
    .filter(({ site }) => site === active || !other.isCold)
    .map((one) => lineOf(one, { stale: isStale(one, rule, now), rule }));
  return { ...judge(watched, here, there), because };
}

function judge(
  { active, other, rule, heard }: Watched,
  here: Voices,
  there: Voices | null,
): Omit<Verdict, 'because'> {
  const bad = [...here.failed, ...here.suspected];
  if (!heard && !isProven(here) && (bad.length > 0 || here.good.length === 0))
    return cutOff(active);
  if (hasFailed(here, rule)) {
    const { domains, firstBadAt } = here;
    const sources = counted(domains.size, 'independent source');
    const failed = `${active} has failed: ${sources} of ${rule.quorum} needed ${domains.size === 1 ? 'says' : 'say'} so (${namesOf(here.failed)})`;
    // Where nobody answers us, the other side's silence says nothing of it.
    if (heard && there !== null && isDown(there)) {
      const sentence = `${failed}, and ${other.site} is down, too (${namesOf([...there.failed, ...there.suspected])}). Nothing is moved to a side that could not serve.`;
      return { is: 'both-down', sentence, firstBadAt };
    }
    return { is: 'failed', sentence: `${failed}.`, firstBadAt };
  }
  if (bad.length > 0) return suspect(active, rule, here);
  if (here.recovering.length > 0) {
    const sentence = `${active} answers again, but ${namesOf(here.recovering)} ${here.recovering.length === 1 ? 'has' : 'have'} yet to say so ${rule.recoveries} times in a row.`;
    return { is: 'suspect', sentence };
  }
  if (here.good.length === 0) {
    return {
      is: 'unknown',
      sentence: `Nothing is known of ${active}: none of its signals has told anything lately. No data is not health.`,
    };
  }
  return {
    is: 'healthy',
    sentence: `${active} serves: ${namesOf(here.good)} ${here.good.length === 1 ? 'says' : 'say'} so.`,
  };
}

/** Enough independent sources; and an alert that wants to be confirmed is confirmed by something else. */
function hasFailed({ failed, domains }: Voices, { quorum }: WatchRule): boolean {
  if (isProven({ failed })) return true;
  return domains.size >= quorum && failed.some(({ weight }) => weight !== 'hint');
}

/** Somebody told us who is to be believed alone: that nobody answers us does not make it less true. */
function isProven({ failed }: Pick<Voices, 'failed'>): boolean {
  return failed.some(({ weight }) => weight === 'proof');
}

/** Who only has bad to say, however briefly, is not asked to take over. */
function isDown({ failed, suspected, good, recovering }: Voices): boolean {
  return failed.length + suspected.length > 0 && good.length + recovering.length === 0;
}

function suspect(active: string, rule: WatchRule, here: Voices): Omit<Verdict, 'because'> {
  const { failed, suspected, domains } = here;
  if (failed.length === 0) {
    const most = Math.max(...suspected.map(({ run }) => run?.count ?? 0));
    const sentence = `${active} is suspected: ${namesOf(suspected)} ${suspected.length === 1 ? 'is' : 'are'} bad for the ${ordinal(most)} of ${rule.failures} times.`;
    return { is: 'suspect', sentence };
  }
  const alone = domains.size >= rule.quorum;
  const why = alone
    ? 'an alert alone, which nothing else confirms'
    : `${counted(domains.size, 'independent source')} of ${rule.quorum} needed`;
  return {
    is: 'suspect',
    sentence: `${active} is suspected: ${namesOf(failed)} ${failed.length === 1 ? 'says' : 'say'} that it has failed, ${why}.`,
  };
}

function cutOff(active: string): Omit<Verdict, 'because'> {
  return {
    is: 'cut-off',
    sentence: `Nothing at all was heard, of ${active} or of anything else: the watch itself is cut off, and decides nothing.`,
  };
}

function namesOf(standings: readonly Standing[]): string {
  return standings.map(({ signal }) => signal).join(', ');
}

function ordinal(number: number): string {
  const tail =
    number % 100 > 10 && number % 100 < 14
      ? 'th'
      : ({ 1: 'st', 2: 'nd', 3: 'rd' }[number % 10] ?? 'th');
  return `${number}${tail}`;
}
