import type { ExecutionRecord, Fencing } from '../core/execution.ts';
import type { JsonObject } from '../core/json.ts';
import { lookAtOldSide } from '../health/old-side.ts';
import type { Executions } from '../records/executions.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { resolveFencing } from '../plan/fencing.ts';
import { resolveSteps } from '../plan/resolve.ts';
import type { BoundStep } from '../steps/bound.ts';
import { bindByName } from '../steps/registry.ts';
import type { Deps } from './deps.ts';

/** The plan of one execution, as it was when the execution was asked for, closed over its direction. */
export interface PinnedPlan {
  readonly plan: Plan;
  readonly stages: readonly PinnedStage[];
  step(id: string): PinnedStep;
  /** Looks at the side that is left through all observers that the plan names. */
  lookAtOldSide(deps: Pick<Deps, 'azure' | 'http' | 'clock'>, earlier?: Fencing): Promise<Fencing>;
}

export interface PinnedStage {
  readonly name: string;
  readonly steps: readonly PinnedStep[];
}

export interface PinnedStep extends Step {
  readonly bound: BoundStep;
  /** Its good answer shows that the application serves its users again. */
  readonly probesPublicName: boolean;
}

export interface PinnedPlans {
  of(header: ExecutionRecord): Promise<PinnedPlan>;
}

/** Snapshots never change, so the last few are kept. */
const KEPT = 50;

export function createPinnedPlans(executions: Executions): PinnedPlans {
  const kept = new Map<string, PinnedPlan>();
  return {
    async of(header) {
      const found = kept.get(header.id);
      if (found !== undefined) return found;
      const plan = JSON.parse(await executions.snapshot(header.id)) as Plan;
      const pinned = pin(plan, header);
      const [oldest] = kept.keys();
      if (kept.size >= KEPT && oldest !== undefined) kept.delete(oldest);
      kept.set(header.id, pinned);
      return pinned;
    },
  };
}

export function pin(
  plan: Plan,
  execution: Pick<ExecutionRecord, 'id' | 'from' | 'to' | 'level'>,
): PinnedPlan {
  const { from, to, id, level } = execution;
  const publicHost = new URL(plan.publicUrl).host;
  // Both modes' steps: an execution may change its mode on the way.
  const stages = resolveSteps(plan, {
    ...{ from, to, mode: 'any', executionId: id },
    ...(level === undefined ? {} : { level }),
  }).map((stage): PinnedStage => ({
    name: stage.name,
    steps: stage.steps.map((step) => ({
      ...step,
      bound: bindByName(step.uses, step.with),
      probesPublicName: step.uses === 'validate/http' && mentions(step.with, publicHost),
    })),
  }));
  const byId = new Map(stages.flatMap((stage) => stage.steps).map((step) => [step.id, step]));
  return {
    plan,
    stages,
    step(stepId) {
      const found = byId.get(stepId);
      if (found === undefined)
        throw new Error(`The pinned plan ${plan.name} has no step ${stepId}.`);
      return found;
    },
    lookAtOldSide: (deps, earlier) =>
      lookAtOldSide(
        { azure: deps.azure, http: deps.http, clock: deps.clock },
        resolveFencing(plan, { from, to }),
        earlier,
      ),
  };
}

function mentions(settings: JsonObject, text: string): boolean {
  return JSON.stringify(settings).includes(text);
}
