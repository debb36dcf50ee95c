import { gatherEvidence } from '../../src/orchestration/evidence.ts';
import { createPinnedPlans } from '../../src/orchestration/pinned.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { faultsOf } from '../../local/demo/faults.ts';
import { watchStep } from '../../local/demo/stage.ts';
import { openStack, prepare, records, start, untilStill } from './failover.ts';
import type { Subject } from './failover.ts';

export interface Case extends Subject {
  /** This step fails, so that the run turns round or pauses. */
  readonly fail?: string;
}

/** A moment of a run: just before its nth write reaches the state store, or just after. */
export interface Moment {
  readonly write: number;
  readonly when: 'before' | 'after';
}

export interface Outcome {
  readonly state: string;
  /** What changed in Azure, sorted: the same calls with the same effects, however often the instance died. */
  readonly changes: readonly string[];
  readonly flaws: readonly string[];
  readonly writes: number;
}

const SEED = 7;

/** Runs one execution; at `moment` the instance dies and another one goes on with what it finds. */
export async function runThrough(subject: Case, moment: Moment | null): Promise<Outcome> {
  const stack = await openStack({
    seed: SEED,
    ...(subject.plans === undefined ? {} : { folder: subject.plans }),
  });
  try {
    await prepare(stack, subject.mode);
    if (subject.fail !== undefined) arrangeFailure(stack, subject.fail);
    const before = stack.simulator.journal.mutations().length;
    const { id } = await start(stack, subject);
    const counted = { writes: 0 };
    const stopWatching = dieAt(stack, moment, counted);
    const state = await untilStill(stack, id);
    stopWatching();
    return {
      state,
      changes: stack.simulator.journal
        .mutations()
        .slice(before)
        .filter((one) => one.door === 'resource-manager')
        .map((one) => named(`${one.method} ${one.path}: ${one.effect ?? ''}`))
        .sort(),
      flaws: await flawsOf(stack, id),
      writes: counted.writes,
    };
  } finally {
    await stack.clock.run(() => stack.host.stop());
    stack.clock.stop();
  }
}

/** Site Recovery draws the names of what it makes, and a crash changes what is drawn next. */
function named(text: string): string {
  return text.replace(/-nic-[0-9a-f]+/g, '-nic-X');
}

function dieAt(
  stack: VirtualStack,
  moment: Moment | null,
  counted: { writes: number },
): () => void {
  const die = (): void => {
    stack.crash();
    // The platform notices, and starts another instance.
    stack.clock.setTimer(stack.clock.now() + 1_000, () =>
      stack.clock.spawn(() => stack.host.start()),
    );
  };
  return stack.tables.onWrite({
    before() {
      counted.writes += 1;
      if (moment?.when !== 'before' || counted.writes !== moment.write) return;
      die();
      throw new Error('The instance died before this write reached the store.');
    },
    after() {
      if (moment?.when === 'after' && counted.writes === moment.write) die();
    },
  });
}

function arrangeFailure(stack: VirtualStack, step: string): void {
  watchStep(stack, step, {
    began: () => faultsOf(step).forEach((fault) => stack.simulator.control.fault(fault)),
    failed: () => stack.simulator.control.clearFaults(),
  });
}

async function flawsOf(stack: VirtualStack, id: string): Promise<string[]> {
  const executions = records(stack);
  const evidence = await gatherEvidence(
    { executions, blobs: stack.blobs, pinned: createPinnedPlans(executions), clock: stack.clock },
    id,
  );
  return verifyEvidence(evidence, evidence.anchors).map((flaw) => JSON.stringify(flaw));
}
