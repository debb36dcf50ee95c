import { instant } from '../core/clock.ts';
import type { HoldReport, WatchReport, Watching } from '../functions/services.ts';
import { restraintsOf } from '../orchestration/watch/circumstances.ts';
import type { WatchDeps } from '../orchestration/watch/deps.ts';
import type { Plan } from '../plan/plan.ts';
import type { RestraintChange } from '../records/restraints.ts';
import type { Catalogue } from './plans.ts';

const HISTORY = 50;

/** What the doors ask of the watch, and of what keeps it from acting. */
export function createWatchDoors(
  deps: Omit<WatchDeps, 'readSignals'>,
  catalogue: Pick<Catalogue, 'find'>,
): Watching {
  const { restraints, clock } = deps;
  const record = (change: Omit<RestraintChange, 'at'>): Promise<void> =>
    restraints.record({ ...change, at: instant(clock.now()) });

  async function report(name: string): Promise<WatchReport | null> {
    const found = await catalogue.find(name);
    return found === null ? null : reportOf(deps, found.plan);
  }

  async function hold(): Promise<HoldReport> {
    const [standing, history] = await Promise.all([restraints.hold(), restraints.history(HISTORY)]);
    return { hold: standing, history };
  }

  return {
    report,
    hold,
    async setHold({ lift, reason, by }) {
      await record({ what: lift ? 'hold-lifted' : 'held', plan: null, by, reason });
      return hold();
    },
    async liftCooldown({ plan, reason, by }) {
      if ((await catalogue.find(plan)) === null) return null;
      await record({ what: 'cooldown-lifted', plan, by, reason });
      return report(plan);
    },
  };
}

async function reportOf(
  deps: Omit<WatchDeps, 'readSignals'>,
  { name, home, watch }: Plan,
): Promise<WatchReport> {
  const [active, state, explanations] = await Promise.all([
    deps.planStates.active(name, home),
    deps.watchStates.of(name),
    deps.watchStates.explanations(name),
  ]);
  return {
    plan: name,
    active,
    action: watch?.action ?? 'none',
    verdict: state?.verdict ?? null,
    since: state?.since ?? null,
    lookedAt: state?.at ?? null,
    standings: state?.standings ?? [],
    // Readiness is told by a report of its own: here it would be read anew at every call.
    restraints:
      watch === undefined ? [] : await restraintsOf(deps, name, watch, { ready: 'yes', why: '' }),
    explanations,
  };
}
