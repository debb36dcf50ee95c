import { instant, later, secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { lastMoment } from '../plan/calendar.ts';
import type { Watch } from '../plan/watch.ts';
import type { Ended } from '../records/ended.ts';
import type { RestraintChange } from '../records/restraints.ts';

/** Why nothing starts by itself now, although a site has failed. A person may start all the same. */
export interface Restraint {
  readonly is:
    | 'hold'
    | 'open-execution'
    | 'cooldown'
    | 'declined'
    | 'refused'
    | 'max-per-day'
    | 'blackout'
    | 'not-ready';
  readonly sentence: string;
  /** When it ends by itself. */
  readonly until?: Instant;
}

export interface Circumstances {
  readonly plan: string;
  readonly watch: Watch;
  /** The global hold that stands; null when none does. */
  readonly hold: RestraintChange | null;
  /** The last time that somebody lifted the plan's cool-down. */
  readonly lift: RestraintChange | null;
  /** The plan's latest executions that have ended, newest first. */
  readonly ended: readonly Ended[];
  /** The execution that has the plan's lock. */
  readonly open: string | null;
  readonly readiness: Readiness;
  readonly now: Instant;
}

/** Whether the other site could take over. */
export interface Readiness {
  readonly ready: 'yes' | 'no' | 'unknown';
  readonly why: string;
}

const DAY_SECONDS = 86_400;
/** What refused an execution is not gone in the next half minute. */
const REFUSED_SECONDS = 300;

/** Everything that stands against a start, not only the first thing. Each ends by itself or can be lifted: none wedges. */
export function restraints(of: Circumstances): readonly Restraint[] {
  return [
    ...holdOf(of),
    ...openOf(of),
    ...coolingOf(of),
    ...refusedOf(of),
    ...dailyOf(of),
    ...blackoutOf(of),
    ...readinessOf(of),
  ];
}

function holdOf({ hold }: Circumstances): Restraint[] {
  if (hold === null) return [];
  const { by, at, reason } = hold;
  return [
    {
      is: 'hold',
      sentence: `${by.name} holds everything since ${at}: ${reason}. Lift it: switchover hold --lift --reason "…"`,
    },
  ];
}

function openOf({ open }: Circumstances): Restraint[] {
  return open === null
    ? []
    : [{ is: 'open-execution', sentence: `Execution ${open} is under way.` }];
}

/**
 * Only what changed something cools down, and what a person said no to: whoever declined has looked, and is not asked
 * again for as long.
 */
function coolingOf({ plan, watch, ended, lift, now }: Circumstances): Restraint[] {
  const last = ended.find(
    ({ changed, declined, at }) => (changed || declined) && (lift === null || at > lift.at),
  );
  if (last === undefined) return [];
  const until = later(last.at, watch.cooldownSeconds);
  if (until <= now) return [];
  const { execution } = last;
  const lifted = `Lift it: switchover plan cooldown ${plan} --lift --reason "…"`;
  return [
    last.changed
      ? {
          is: 'cooldown',
          sentence: `Cools down until ${until}: execution ${execution} changed something and ended at ${last.at}. ${lifted}`,
          until,
        }
      : {
          is: 'declined',
          sentence: `Somebody declined execution ${execution} at ${last.at}; nothing is prepared again until ${until}. ${lifted}`,
          until,
        },
  ];
}

function refusedOf({ ended, now }: Circumstances): Restraint[] {
  const [last] = ended;
  if (last?.state !== 'refused' || !last.byItself) return [];
  const until = later(last.at, REFUSED_SECONDS);
  if (until <= now) return [];
  const sentence = `Execution ${last.execution} was refused at ${last.at}; it is tried again at ${until}.`;
  return [{ is: 'refused', sentence, until }];
}

/** What people approved was their doing. */
function dailyOf({ watch, ended, now }: Circumstances): Restraint[] {
  if (watch.action !== 'act') return [];
  const today = ended.filter(
    ({ changed, byItself, at }) => changed && byItself && secondsBetween(at, now) < DAY_SECONDS,
  );
  const due = today[watch.maxPerDay - 1];
  if (due === undefined) return [];
  const until = later(due.at, DAY_SECONDS);
  return [
    {
      is: 'max-per-day',
      sentence: `${today.length === 1 ? 'One execution' : `${today.length} executions`} began by itself within a day, and ${watch.maxPerDay} may: the next one not before ${until}.`,
      until,
    },
  ];
}

function blackoutOf({ watch, now }: Circumstances): Restraint[] {
  return watch.blackouts.flatMap((blackout): Restraint[] => {
    const last = lastMoment(blackout, Date.parse(now));
    if (last === null) return [];
    const until = instant(last + blackout.seconds * 1000);
    if (until <= now) return [];
    return [{ is: 'blackout', sentence: `Blackout until ${until}: ${blackout.reason}.`, until }];
  });
}

/** Not knowing keeps Switchover from acting alone. Who is asked is told, and decides. */
function readinessOf({ watch, readiness: { ready, why } }: Circumstances): Restraint[] {
  if (ready === 'yes' || (ready === 'unknown' && watch.action === 'ask')) return [];
  return [{ is: 'not-ready', sentence: why }];
}
