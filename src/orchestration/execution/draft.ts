import { instant } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import type { CommandRecord, ExecutionRecord, ExecutionState } from '../../core/execution.ts';
import { assertMove } from '../../core/transitions.ts';
import { stepEnded } from '../../core/step.ts';
import type { StepRecord } from '../../core/step.ts';
import type { Revision } from '../../records/executions.ts';
import type { Loaded } from '../../records/partition.ts';
import type { Subject } from '../checks.ts';
import type { Deps } from '../deps.ts';
import { inOneLook } from '../one-look.ts';
import type { PinnedPlan, PinnedStep } from '../pinned.ts';

/** An execution as its rows tell it, and the next state that is being drawn up. Nothing is written before `commit`. */
export interface Sheet {
  readonly deps: Deps;
  readonly now: Instant;
  readonly orders: readonly CommandRecord[];
  header(): ExecutionRecord;
  step(id: string): StepRecord;
  /** The records of these steps, in the plan's order. */
  stepsOf(members: readonly PinnedStep[]): readonly StepRecord[];
  patch(patch: Partial<ExecutionRecord>, ...events: readonly Happening[]): void;
  /** Removes optional fields from the header. */
  clear(...fields: readonly ('pause' | 'undoOrdered')[]): void;
  /** Changes the state, if the table of transitions allows it. */
  move(to: ExecutionState, operation: string): void;
  patchStep(id: string, patch: StepPatch, ...events: readonly Happening[]): void;
  commit(): Promise<void>;
}

/** A sheet with the plan beside it: what decisions are drawn up on. */
export interface Draft extends Sheet {
  readonly plan: PinnedPlan;
}

/** The execution as it stands in the draft, for looking at its steps. */
export function subjectOf(draft: Draft): Subject {
  const { deps, plan } = draft;
  return { deps: inOneLook(deps), plan, header: draft.header(), step: (id) => draft.step(id) };
}

/** `null` removes an optional field. */
export type StepPatch = { readonly [K in keyof StepRecord]?: StepRecord[K] | null };

export async function openDraft(deps: Deps, executionId: string): Promise<Draft | null> {
  const sheet = await openSheet(deps, executionId);
  return sheet === null ? null : withPlan(sheet);
}

export async function withPlan(sheet: Sheet): Promise<Draft> {
  return { ...sheet, plan: await sheet.deps.pinned.of(sheet.header()) };
}

/** Also of an execution whose plan this version of the app cannot open. */
export async function openSheet(deps: Deps, executionId: string): Promise<Sheet | null> {
  const header = await deps.executions.header(executionId);
  if (header === null) return null;
  const [steps, orders] = await Promise.all([
    deps.executions.steps(executionId),
    deps.executions.commands(executionId),
  ]);
  return sheetOf(deps, header, steps, orders);
}

function sheetOf(
  deps: Deps,
  headerBefore: Loaded<ExecutionRecord>,
  stepsBefore: readonly Loaded<StepRecord>[],
  orders: readonly CommandRecord[],
): Sheet {
  let header = headerBefore.value;
  const events: Happening[] = [];
  const before = new Map(stepsBefore.map((step) => [step.value.id, step]));
  const steps = new Map(stepsBefore.map((step) => [step.value.id, step.value]));
  const stepEvents = new Map<string, Happening[]>();
  const now = instant(deps.clock.now());

  const step = (id: string): StepRecord => {
    const found = steps.get(id);
    if (found === undefined) throw new Error(`Execution ${header.id} has no step ${id}.`);
    return found;
  };

  return {
    deps,
    now,
    orders,
    header: () => header,
    step,
    stepsOf: (members) => members.map((member) => step(member.id)),
    patch(patch, ...happenings) {
      header = { ...header, ...patch };
      events.push(...happenings);
    },
    clear(...fields) {
      header = Object.fromEntries(
        Object.entries(header).filter(([name]) => !(fields as readonly string[]).includes(name)),
      ) as unknown as ExecutionRecord;
    },
    move(to, operation) {
      assertMove(header.state, to, 'orchestration', operation);
      header = { ...header, state: to };
    },
    patchStep(id, patch, ...happenings) {
      // What the patch does not name may well be null: a loss that nobody knows.
      const merged = Object.entries({ ...step(id), ...patch }).filter(
        ([name, value]) => value !== null || !(name in patch),
      );
      steps.set(id, Object.fromEntries(merged) as unknown as StepRecord);
      stepEvents.set(id, [...(stepEvents.get(id) ?? []), ...happenings]);
    },
    async commit() {
      if (turns(headerBefore.value, header)) retireRuns(steps);
      const revisions: Revision<StepRecord>[] = [];
      for (const [id, loaded] of before) {
        const after = step(id);
        if (after !== loaded.value)
          revisions.push({ before: loaded, after, events: stepEvents.get(id) ?? [] });
      }
      const headerChanged = header !== headerBefore.value || events.length > 0;
      await deps.executions.write(header.id, now, {
        steps: revisions,
        ...(headerChanged ? { header: { before: headerBefore, after: header, events } } : {}),
      });
    },
  };
}

/** The execution stops, or goes the other way: what its steps were started for is over. */
function turns(before: ExecutionRecord, after: ExecutionRecord): boolean {
  const moved = before.state === 'running' || before.state === 'compensating';
  return moved && (after.state !== before.state || after.direction !== before.direction);
}

/**
 * Whoever still works on a step (its orchestration outlived the execution's, or a second instance holds the same
 * message) loses its next conditional write, which comes before every call: after this nothing more is sent.
 */
function retireRuns(steps: Map<string, StepRecord>): void {
  for (const [id, step] of steps) {
    if (step.run > 0 && !stepEnded(step.state)) steps.set(id, { ...step, run: step.run + 1 });
  }
}
