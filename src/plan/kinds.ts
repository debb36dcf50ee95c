import type { ZodType } from 'zod';
import { SwitchoverError } from '../core/errors.ts';
import type { Mode } from '../core/execution.ts';
import type { JsonObject } from '../core/json.ts';

/**
 * What a plan needs to know of the kinds of step that it uses. The registry of src/steps satisfies it; it is passed in
 * because plans are below steps. Settings are given as written, templates closed: a kind parses them itself.
 */
export interface PlanKind {
  readonly uses: string;
  readonly summary: string;
  readonly settings: ZodType;
  readonly effect: 'changes' | 'none';
  readonly makesWritable: boolean;
  readonly rehearses?: true;
  readonly typicalSeconds: (settings: JsonObject) => number;
  readonly resources: (settings: JsonObject) => readonly string[];
  readonly describe: (
    settings: JsonObject,
    execution: { readonly mode: Mode; readonly from: string; readonly to: string },
  ) => string;
}

export type PlanKinds = readonly PlanKind[];

export function kindOf(
  step: { readonly id: string; readonly uses: string },
  kinds: PlanKinds,
): PlanKind {
  const kind = kinds.find(({ uses }) => uses === step.uses);
  if (kind !== undefined) return kind;
  throw new SwitchoverError(
    'PLAN_INVALID',
    `Step ${step.id} uses ${step.uses}, a kind that this version does not know. Validate the plan.`,
  );
}
