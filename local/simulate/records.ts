import type { CommandRecord, ExecutionRecord } from '../../src/core/execution.ts';
import type { RecordedEvent } from '../../src/core/events.ts';
import type { AttemptRecord, StepRecord } from '../../src/core/step.ts';
import { gatherEvidence } from '../../src/orchestration/evidence.ts';
import { createPinnedPlans } from '../../src/orchestration/pinned.ts';
import type { PinnedPlan } from '../../src/orchestration/pinned.ts';
import { createExecutions } from '../../src/records/executions.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import type { Flaw } from '../../src/report/verify.ts';
import type { VirtualStack } from '../stack/virtual-stack.ts';
import type { Witness } from './witness.ts';

/** What the app's records tell of one execution. */
export interface Told {
  readonly header: ExecutionRecord;
  readonly plan: PinnedPlan;
  readonly steps: readonly StepRecord[];
  readonly attempts: readonly AttemptRecord[];
  readonly commands: readonly CommandRecord[];
  readonly events: readonly RecordedEvent[];
  readonly flaws: readonly Flaw[];
}

export async function readRecords(
  { tables, blobs, clock }: VirtualStack,
  witness: Witness,
): Promise<readonly Told[]> {
  const executions = createExecutions(tables, blobs);
  const pinned = createPinnedPlans(executions);
  const told: Told[] = [];
  for (const id of new Set(witness.headers.map(({ record }) => record.id))) {
    const header = await executions.header(id);
    if (header === null) continue;
    const evidence = await gatherEvidence({ executions, blobs, pinned, clock }, id);
    told.push({
      header: header.value,
      plan: await pinned.of(header.value),
      steps: (await executions.steps(id)).map(({ value }) => value),
      attempts: await executions.attempts(id),
      commands: await executions.commands(id),
      events: await executions.events(id),
      flaws: verifyEvidence(evidence, evidence.anchors),
    });
  }
  return told;
}
