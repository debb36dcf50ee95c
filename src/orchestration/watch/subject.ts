import { createHash } from 'node:crypto';
import type { Instant } from '../../core/clock.ts';
import { DEAR_SECONDS, TICK_SECONDS } from '../../core/watching.ts';
import type { PlanFacts } from '../../plan/facts.ts';
import type { Plan } from '../../plan/plan.ts';
import type { Watch } from '../../plan/watch.ts';
import type { Loaded } from '../../records/partition.ts';
import type { WatchState } from '../../records/watch-states.ts';
import type { Wanted } from '../../health/signals/source.ts';

/** A plan that is looked at in this tick. */
export interface Subject {
  readonly plan: Plan;
  readonly watch: Watch;
  readonly active: string;
  readonly other: { readonly site: string; readonly isCold: boolean };
  readonly before: Loaded<WatchState> | null;
  /** Each signal at each site that it looks at. */
  readonly signals: readonly Wanted[];
}

/** Null when nothing is watched, or the site that serves is none of the plan's any more. */
export function subjectOf(
  facts: Pick<PlanFacts, 'signals'>,
  plan: Plan,
  recorded: string | undefined,
  before: Loaded<WatchState> | null,
): Subject | null {
  const { name, home, sites, watch } = plan;
  const active = recorded ?? home;
  const other = Object.values(sites).find((site) => site.name !== active);
  if (watch === undefined || sites[active] === undefined || other === undefined) return null;
  const isCold = other.standby === 'cold';
  const looked = isCold ? [active] : [active, other.name];
  return {
    plan,
    watch,
    active,
    other: { site: other.name, isCold },
    before,
    signals: looked.flatMap((site) =>
      facts.signals(plan, site).map((signal) => ({ plan: name, site, signal })),
    ),
  };
}

/** Everything is read from time to time, and all the time while anything is suspected. */
export function isReadWhole({ plan, before }: Subject, now: Instant): boolean {
  if (before === null) return true;
  const { readAllAt, verdict } = before.value;
  if (verdict.is !== 'healthy' || readAllAt === null) return true;
  const turn = turnOf(plan.name);
  return turn(now) > turn(readAllAt);
}

const TURNS = DEAR_SECONDS / TICK_SECONDS;

/**
 * Counts a plan's turns to be read whole, one in `DEAR_SECONDS`. Which tick's it is comes of the plan's name: a fleet's reads
 * would else come all in one tick, for ever after the one in which it was first seen. Turns change between two ticks,
 * because these are early and late by a second.
 */
function turnOf(name: string): (at: Instant) => number {
  const tick = createHash('sha256').update(name).digest().readUInt32BE() % TURNS;
  const begins = (tick + 0.5) * TICK_SECONDS;
  return (at) => Math.floor((Date.parse(at) / 1000 - begins) / DEAR_SECONDS);
}
