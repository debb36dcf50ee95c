import type { AnyStepKind } from './erased.ts';
import type { JsonObject } from '../core/json.ts';
import type { Direction, Operation, UndoSafety } from '../core/step.ts';
import type { Mode } from '../core/execution.ts';
import type { Finding } from '../core/finding.ts';
import type {
  Ask,
  AskPeople,
  Call,
  Closing,
  Foreseen,
  Motion,
  Observation,
  Permission,
  Progress,
  Refusal,
  StepContext,
  Verification,
} from './contract.ts';

/** A step kind together with one step's settings: what the orchestration runs, whatever the settings' type. */
export interface BoundStep {
  readonly uses: string;
  readonly effect: 'changes' | 'none';
  readonly makesWritable: boolean;
  readonly closesApplication: Closing | false;
  readonly settleSeconds: number;
  readonly typicalSeconds: number;
  readonly resources: readonly string[];
  readonly permissions: readonly Permission[];
  describe(direction: { readonly mode: Mode; readonly from: string; readonly to: string }): string;
  undoSafety(mode: Mode): UndoSafety;
  /** Whether its proof can be asked for without changing anything. */
  readonly onlyReads: boolean;
  /** Null when the kind cannot say it resource by resource. */
  foresee(context: StepContext): Promise<readonly Foreseen[] | null>;
  check(context: StepContext): Promise<readonly Finding[]>;
  /** Null when there is no way in that direction. */
  motion(direction: Direction): BoundMotion | null;
}

export interface BoundMotion {
  observe(context: StepContext): Promise<Observation>;
  act(
    context: StepContext,
    seen: Observation,
  ): Promise<readonly Call[] | Ask | AskPeople | Refusal>;
  poll(context: StepContext, operation: Operation): Promise<Progress>;
  verify(context: StepContext): Promise<Verification>;
}

/** Settings as the plan has them, templates closed; the kind parses them and throws zod's error when they do not fit. */
export function bindStep(kind: AnyStepKind, settings: JsonObject): BoundStep {
  const bound = (motion: Motion<unknown>): BoundMotion => ({
    observe: (context) => motion.observe(context, settings),
    act: (context, seen) => motion.act(context, settings, seen),
    poll: (context, operation) => motion.poll(context, settings, operation),
    verify: (context) => motion.verify(context, settings),
  });
  return {
    uses: kind.uses,
    effect: kind.effect,
    makesWritable: kind.makesWritable,
    closesApplication: kind.closesApplication?.(settings) ?? false,
    settleSeconds: kind.settleSeconds,
    typicalSeconds: kind.typicalSeconds(settings),
    resources: kind.resources(settings),
    permissions: kind.permissions(settings),
    describe: (direction) => kind.describe(settings, direction),
    undoSafety: (mode) => kind.undoSafety(settings, mode),
    onlyReads: kind.onlyReads?.(settings) ?? false,
    foresee: async (context) => (await kind.foresee?.(context, settings)) ?? null,
    check: (context) => kind.check(context, settings),
    motion: (direction) =>
      direction === 'forward'
        ? bound(kind.forward)
        : kind.undo === undefined
          ? null
          : bound(kind.undo),
  };
}
