import type { Mode } from '../core/execution.ts';
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

/** The stages that lead to a site: the way home may have its own. */
export function stagesTowards(plan: Plan, to: string): readonly Stage[] {
  return to === plan.home ? (plan.failbackStages ?? plan.stages) : plan.stages;
}

export interface Run extends Journey {
  /** `any` keeps the steps of both modes: an execution may change its mode on the way. */
  readonly mode: Mode | 'any';
  readonly executionId: string;
}

/** Stands for the id that an execution will have, where a plan is judged before there is one. */
export const SOME_EXECUTION = 'some-execution';

/** Every way in which a plan can be run. */
export function everyRun(plan: Plan): readonly (Run & { readonly mode: Mode })[] {
  const modes: readonly Mode[] = ['planned', 'unplanned'];
  return journeys(plan).flatMap((journey) =>
    modes.map((mode) => ({ ...journey, mode, executionId: SOME_EXECUTION })),
  );
}
