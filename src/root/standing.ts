import { instant, secondsBetween } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import { isTerminal } from '../core/execution.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import { overdueSeconds } from '../orchestration/drill/overdue.ts';
import type { Plan } from '../plan/plan.ts';
import type { Drills } from '../records/drills.ts';
import type { Executions } from '../records/executions.ts';
import type { Outbox } from '../records/outbox.ts';
import type { Telemetry } from '../telemetry/sender.ts';

export interface StandingDeps {
  readonly clock: Clock;
  readonly executions: Pick<Executions, 'recent'>;
  readonly drills: Pick<Drills, 'standings'>;
  readonly outbox: Pick<Outbox, 'due'>;
  readonly telemetry: Telemetry;
}

/** What is open is among the newest: a plan has one execution at a time that changes anything. */
const NEWEST = 50;
const NOTICES = 1000;

/** How things stand, as the rows say: told every minute, by whichever instance the timer runs on. */
export async function showStanding(deps: StandingDeps, plans: readonly Plan[]): Promise<void> {
  const { telemetry } = deps;
  const now = instant(deps.clock.now());
  const [executions, standings, due] = await Promise.all([
    deps.executions.recent(NEWEST),
    deps.drills.standings(),
    deps.outbox.due(now, NOTICES),
  ]);
  for (const one of executions) if (!isTerminal(one.state)) showOpen(telemetry, one, now);
  telemetry.show('switchover.notice.waiting', due.length, {});
  for (const plan of plans) {
    for (const entry of plan.drills ?? []) {
      const seconds = overdueSeconds(entry, standings.get(plan.name), now);
      if (seconds === null) continue;
      const labels = { 'switchover.plan': plan.name, 'switchover.level': entry.level };
      telemetry.show('switchover.drill.overdue', seconds, labels);
    }
  }
}

function showOpen(telemetry: Telemetry, execution: ExecutionRecord, now: string): void {
  const { plan, kind, mode, level, state, requestedAt } = execution;
  const labels = {
    'switchover.plan': plan,
    'switchover.kind': kind,
    'switchover.mode': mode,
    'switchover.level': level,
    'switchover.state': state,
  };
  telemetry.show('switchover.execution.age', secondsBetween(requestedAt, now), labels);
  const since = waitsSince(execution);
  if (since !== null)
    telemetry.show('switchover.execution.waiting', secondsBetween(since, now), labels);
}

function waitsSince({ state, pause, requestedAt }: ExecutionRecord): string | null {
  if (state === 'paused') return pause?.since ?? null;
  return state === 'awaiting-approval' ? requestedAt : null;
}
