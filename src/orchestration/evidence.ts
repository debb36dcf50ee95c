import { instant } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { readAnchors } from '../report/anchors.ts';
import { buildEvidence } from '../report/evidence.ts';
import type { Evidence } from '../report/evidence.ts';
import { renderMarkdown } from '../report/markdown.ts';
import type { Deps } from './deps.ts';

type EvidenceDeps = Pick<Deps, 'executions' | 'blobs' | 'pinned' | 'clock'>;

/** The evidence as it stands now, from the records alone. */
export async function gatherEvidence(deps: EvidenceDeps, executionId: string): Promise<Evidence> {
  const header = await deps.executions.header(executionId);
  if (header === null) throw new Error(`There is no execution ${executionId} to report.`);
  const [steps, attempts, commands, anchors, pinned] = await Promise.all([
    deps.executions.steps(executionId),
    deps.executions.attempts(executionId),
    deps.executions.commands(executionId),
    readAnchors(deps.blobs, executionId),
    deps.pinned.of(header.value),
  ]);
  // Last: while the execution runs, every head and anchor that was read must be found among the events.
  const events = await deps.executions.events(executionId);
  return buildEvidence({
    header: header.value,
    steps: steps.map((step) => step.value),
    attempts,
    commands,
    events,
    anchors,
    plan: pinned.plan,
    at: instant(deps.clock.now()),
  });
}

/** Nothing waits for the copy: the records hold all of it, and the API gives it at any time. */
export async function keepEvidence(
  deps: EvidenceDeps & Pick<Deps, 'log'>,
  executionId: string,
): Promise<void> {
  try {
    await writeEvidence(deps, executionId);
  } catch (error) {
    const message = `The evidence of execution ${executionId} could not be written: ${messageOf(error)}.`;
    deps.log({ level: 'error', message });
  }
}

/**
 * Written at each pause and at the end, numbered by how far the execution's own chain had come. Created once, never
 * overwritten: the container is immutable in Azure.
 */
async function writeEvidence(deps: EvidenceDeps, executionId: string): Promise<void> {
  const evidence = await gatherEvidence(deps, executionId);
  const header = await deps.executions.header(executionId);
  const number = String(header?.value.head.sequence ?? 0).padStart(6, '0');
  const name = `evidence/${executionId}/evidence-${number}`;
  await deps.blobs.create(
    'evidence',
    `${name}.json`,
    JSON.stringify(evidence, null, 2),
    'application/json',
  );
  await deps.blobs.create(
    'evidence',
    `${name}.md`,
    renderMarkdown(evidence),
    'text/markdown; charset=utf-8',
  );
}
