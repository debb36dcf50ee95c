import type { DrillLevel, Mode } from '../core/execution.ts';
import type { Plan, Stage } from './plan.ts';

/** From which site to which. */
export interface Journey {
  readonly from: string;
  readonly to: string;
}

export function journeys(plan: {
  readonly home: string;
  readonly sites: Readonly<Record<string, unknown>>;
}): readonly [away: Journey, back: Journey] {
  const other = Object.keys(plan.sites).find((site) => site !== plan.home) ?? plan.home;
  return [
    { from: plan.home, to: other },
    { from: other, to: plan.home },
  ];
}

/** The stages of one run: a rehearsal has its own, and the way home may have. */
export function stagesOf(
  plan: Plan,
  { to, level }: { readonly to: string; readonly level?: DrillLevel | null },
): readonly Stage[] {
  if (level === 'rehearsal') return plan.rehearsalStages ?? [];
  return to === plan.home ? (plan.failbackStages ?? plan.stages) : plan.stages;
}

export interface Run extends Journey {
  /** `any` keeps the steps of both modes: an execution may change its mode on the way. */
  readonly mode: Mode | 'any';
  readonly executionId: string;
  readonly level?: DrillLevel;
}

/** Stands for the id that an execution will have, where a plan is judged before there is one. */
export const SOME_EXECUTION = 'some-execution';

/** Every way in which a plan can move its application. */
export function everyRun(plan: Plan): readonly (Run & { readonly mode: Mode })[] {
  const modes: readonly Mode[] = ['planned', 'unplanned'];
  return journeys(plan).flatMap((journey) =>
    modes.map((mode) => ({ ...journey, mode, executionId: SOME_EXECUTION })),
  );
}

/** Rehearsals of both directions; none when the plan says nothing of any. */
export function rehearsalRuns(plan: Plan): readonly (Run & { readonly mode: Mode })[] {
  if (plan.rehearsalStages === undefined) return [];
  return journeys(plan).map((journey) => ({
    ...journey,
    mode: 'planned',
    level: 'rehearsal',
    executionId: SOME_EXECUTION,
  }));
}
