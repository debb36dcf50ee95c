import { kindOf } from './kinds.ts';
import type { PlanKinds } from './kinds.ts';
import type { ResolvedStage, ResolvedStep } from './resolve.ts';

/** What a step is for, as far as the order of a plan is concerned. */
export type Role = 'close' | 'data' | 'addresses' | 'traffic' | 'proof' | 'commit' | 'other';

export interface PlacedStep {
  readonly step: ResolvedStep;
  readonly stage: number;
  readonly role: Role;
}

export function placedSteps(stages: readonly ResolvedStage[], kinds: PlanKinds): PlacedStep[] {
  return stages.flatMap(({ steps }, stage) =>
    steps.map((step) => ({ step, stage, role: roleOf(step, kinds) })),
  );
}

function roleOf(step: ResolvedStep, kinds: PlanKinds): Role {
  switch (step.uses) {
    case 'traffic-manager/switch':
      return step.with.part === 'close' ? 'close' : 'traffic';
    case 'network/public-ip':
      return 'addresses';
    case 'site-recovery/commit':
      return 'commit';
  }
  if (step.uses.startsWith('validate/')) return 'proof';
  return kindOf(step, kinds).makesWritable ? 'data' : 'other';
}
