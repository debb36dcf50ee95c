import { messageOf } from '../../core/errors.ts';
import type { Readiness, Restraint } from '../../health/restraint.ts';
import type { Plan } from '../../plan/plan.ts';
import { announce } from '../announce.ts';
import type { Notice } from '../announce.ts';
import type { DurableDoor } from '../door.ts';
import { NOTHING, begin, giveWay, withdraw } from './act.ts';
import { saysTheSame } from '../../records/watch-states.ts';
import type { Told, WatchState } from '../../records/watch-states.ts';
import { restraintsOf } from './circumstances.ts';
import type { WatchDeps } from './deps.ts';
import type { Judged } from './judge.ts';

/** What follows from a verdict: people are told, something is started or withdrawn, and why (or why not) is kept. */
export async function follow(
  deps: WatchDeps,
  judged: Judged,
  holder: string | null,
  door: DurableDoor,
): Promise<void> {
  const { plan, after } = judged;
  const { verdict, at } = after;
  await tellOfChange(deps, judged);
  const withheld = verdict.is === 'failed' ? await whatWithholds(deps, judged) : [];
  const did = await carryOut(deps, judged, withheld, holder, door);
  if (judged.isTold && did === null) return;
  const { is, sentence, because } = verdict;
  const words = withheld.map((one) => one.sentence);
  const told: Told = { at, is, sentence, because, did, restraints: words };
  const last = await deps.watchStates.explain(plan.name, told);
  if (last === null || !saysTheSame(last, told)) sayVerdict(deps, after, told, withheld);
  if (words.length > 0 && last?.restraints.join() !== words.join())
    await tellOfRestraint(deps, judged, withheld);
}

/**
 * In the log, which has what people look for afterwards: what was seen, by whom, and why something was started or not.
 * The sentences of what withholds may name people, and are in the record; the onlooker is told of nobody.
 */
function sayVerdict(
  { log, onlooker }: Pick<WatchDeps, 'log' | 'onlooker'>,
  state: WatchState,
  told: Told,
  withheld: readonly Restraint[],
): void {
  const { plan, active: site } = state;
  const { is: verdict, sentence, because, did } = told;
  const withheldBy = withheld.map(({ is }) => is);
  log({
    level: 'info',
    message: `${plan}: ${sentence}`,
    data: { verdict, plan, site, because, withheldBy, did },
  });
  const deed = did?.startsWith(NOTHING) === true ? null : did;
  onlooker?.decided(state, { ...told, did: deed }, withheldBy);
}

async function carryOut(
  deps: WatchDeps,
  judged: Judged,
  withheld: readonly Restraint[],
  holder: string | null,
  door: DurableDoor,
): Promise<string | null> {
  const { verdict } = judged.after;
  if (verdict.is === 'healthy')
    return holder === null ? null : withdraw(deps, judged, holder, door);
  if (verdict.is !== 'failed' || judged.watch.action === 'notify') return null;
  if (withheld.length === 0) return begin(deps, judged, door);
  // Only what a drill stands in the way of: a hold or a cool-down keeps it from starting all the same.
  const onlyOpen = withheld.every(({ is }) => is === 'open-execution');
  return onlyOpen && holder !== null ? giveWay(deps, judged, holder, door) : null;
}

/** Readiness is asked for only where it matters: it costs a read of everything that a failover touches. */
async function whatWithholds(
  deps: WatchDeps,
  { plan, watch }: Judged,
): Promise<readonly Restraint[]> {
  if (watch.action === 'notify') return [];
  const others = await restraintsOf(deps, plan.name, watch, { ready: 'yes', why: '' });
  if (others.length > 0) return others;
  const readiness = await ready(deps, plan);
  return restraintsOf(deps, plan.name, watch, readiness);
}

/** Reads that fail tell nothing, and are no reason to stop here without a word. */
async function ready({ readiness }: WatchDeps, plan: Plan): Promise<Readiness> {
  try {
    return await readiness(plan);
  } catch (error) {
    return {
      ready: 'unknown',
      why: `Whether the other site could take over could not be found out: ${messageOf(error)}.`,
    };
  }
}

async function tellOfChange(deps: WatchDeps, { plan, before, after }: Judged): Promise<void> {
  const { is, sentence } = after.verdict;
  const last = before?.value.active === after.active ? before.value : null;
  const tell = (what: Notice['what'], severity: Notice['severity']): Promise<void> =>
    announce(deps, { plan: plan.name, what, severity, sentence });
  if (is === 'healthy' && last?.failedSince != null) await tell('recovered', 'info');
  if (is === last?.verdict.is) return;
  if (is === 'failed') await tell('site-failed', 'critical');
  if (is === 'both-down') await tell('both-down', 'critical');
  if (is === 'cut-off') await tell('cut-off', 'warning');
}

/** That an execution is open already is no news. */
async function tellOfRestraint(
  deps: WatchDeps,
  { plan, active }: Judged,
  withheld: readonly Restraint[],
): Promise<void> {
  if (withheld.some(({ is }) => is === 'open-execution')) return;
  await announce(deps, {
    plan: plan.name,
    what: 'withheld',
    severity: 'critical',
    sentence: `${active} has failed, and nothing is started: ${withheld.map(({ sentence }) => sentence).join(' ')}`,
  });
}
