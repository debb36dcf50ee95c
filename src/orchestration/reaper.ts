import { instant, secondsBetween } from '../core/clock.ts';
import { isTerminal } from '../core/execution.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import { whileContended } from '../records/partition.ts';
import type { LockRecord } from '../records/locks.ts';
import type { Deps } from './deps.ts';
import type { DurableDoor } from './door.ts';
import { RESUME, cancelChoices, pause } from './execution/choices.ts';
import { openDraft } from './execution/draft.ts';
import { settle } from './execution/settle.ts';

/** A start takes its lock, writes its record and starts its orchestration within seconds. */
const START_SECONDS = 60;

/** Finds locks whose orchestration is gone: ended executions are settled, lost ones pause and say so. */
export async function reap(deps: Deps, door: DurableDoor): Promise<void> {
  for (const lock of await deps.locks.held()) await reapOne(deps, door, lock);
}

async function reapOne(deps: Deps, door: DurableDoor, lock: LockRecord): Promise<void> {
  const { holder, plan } = lock;
  if (holder === null) return;
  const header = await deps.executions.header(holder);
  const now = instant(deps.clock.now());
  if (header === null) {
    // The start died between the lock and the record: nothing was promised to anybody.
    if (secondsBetween(lock.since, now) > START_SECONDS) await deps.locks.release(plan, holder);
    return;
  }
  if (isTerminal(header.value.state)) {
    await settle(deps, header.value);
    return;
  }
  const status = await door.status(holder);
  if (status === 'running') return;
  if (status === 'missing' && header.value.state === 'requested') {
    if (secondsBetween(header.value.requestedAt, now) > START_SECONDS) await door.start(holder);
    return;
  }
  if (header.value.state !== 'paused')
    await whileContended(5, () => lost(deps, header.value, status));
}

async function lost(deps: Deps, header: ExecutionRecord, status: string): Promise<void> {
  const draft = await openDraft(deps, header.id);
  if (draft === null || isTerminal(draft.header().state) || draft.header().state === 'paused')
    return;
  if (draft.header().state === 'requested') draft.move('preflight', 'reaper');
  draft.patch(
    {},
    { type: 'orchestrator-lost', data: { lastSeenAt: lastSeen(draft.header()), status } },
  );
  pause(
    draft,
    {
      why: `Its orchestration is gone (${status}), with the application perhaps half moved. Look before you go on.`,
    },
    [RESUME, ...cancelChoices(header)],
  );
  await draft.commit();
  deps.log({
    level: 'error',
    message: `Execution ${header.id} lost its orchestration (${status}) and is paused.`,
  });
}

function lastSeen(header: ExecutionRecord): string {
  return header.startedAt ?? header.requestedAt;
}
