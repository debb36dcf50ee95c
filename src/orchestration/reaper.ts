import { instant, secondsBetween } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { isTerminal } from '../core/execution.ts';
import { formatSeconds } from '../core/duration.ts';
import type { ExecutionRecord, ExecutionState } from '../core/execution.ts';
import { whileContended } from '../records/partition.ts';
import type { LockRecord } from '../records/locks.ts';
import type { Deps } from './deps.ts';
import type { DurableDoor } from './door.ts';
import { RESUME, cancelChoices, pause } from './execution/choices.ts';
import { keepEvidence } from './evidence.ts';
import { openDraft } from './execution/draft.ts';
import { end } from './execution/end.ts';
import { settle } from './execution/settle.ts';

/** A start takes its lock, writes its record and starts its orchestration within seconds. */
const START_SECONDS = 60;
/** An orchestration that is gone is started again for so long, as long as it has changed nothing. */
const CHECKED_SECONDS = 30 * 60;
/** The rows tell all that there is to know, and people's word on them counts: the way on leads through the checks. */
const UNTOUCHED: readonly ExecutionState[] = ['requested', 'preflight', 'awaiting-approval'];

/** An execution that is open although somebody took its lock away is among the newest. */
const NEWEST = 50;

/**
 * Finds executions whose orchestration is gone: ended ones that still hold their lock are settled, those that have
 * changed nothing begin their orchestration anew, lost ones pause and say so.
 */
export async function reap(deps: Deps, door: DurableDoor): Promise<void> {
  const locks = await deps.locks.held();
  for (const lock of locks) {
    await lookAfter(deps, `The lock of ${lock.plan}`, () => reapLock(deps, door, lock));
  }
  const holders = new Set(locks.map(({ holder }) => holder));
  for (const record of await deps.executions.recent(NEWEST)) {
    if (isTerminal(record.state) || holders.has(record.id)) continue;
    await lookAfter(deps, `Execution ${record.id}`, () => reapOpen(deps, door, record));
  }
}

/** One plan's trouble must not keep the others from being looked after. */
async function lookAfter(deps: Deps, what: string, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    const message = `${what} could not be looked after: ${messageOf(error)}.`;
    deps.log({ level: 'error', message });
  }
}

async function reapLock(deps: Deps, door: DurableDoor, lock: LockRecord): Promise<void> {
  const { holder, plan } = lock;
  if (holder === null) return;
  const header = await deps.executions.header(holder);
  if (header === null) {
    // The start died between the lock and the record: nothing was promised to anybody.
    const seconds = secondsBetween(lock.since, instant(deps.clock.now()));
    if (seconds > START_SECONDS) await deps.locks.release(plan, holder);
    return;
  }
  if (isTerminal(header.value.state)) await settle(deps, header.value);
  else await reapOpen(deps, door, header.value);
}

async function reapOpen(deps: Deps, door: DurableDoor, header: ExecutionRecord): Promise<void> {
  const { id, state, requestedAt } = header;
  const status = await door.status(id);
  if (status === 'running') {
    if (await wasNotWoken(deps, header)) await door.wake(id);
    return;
  }
  if (state === 'paused') {
    // Somebody has to remind people; it only waits there.
    await door.start(id);
    return;
  }
  if (!UNTOUCHED.includes(state)) {
    await whileContended(5, () => lost(deps, header, status));
    await keepEvidence(deps, id);
    await door.start(id);
    return;
  }
  const seconds = secondsBetween(requestedAt, instant(deps.clock.now()));
  if (seconds > CHECKED_SECONDS && state !== 'awaiting-approval')
    await whileContended(5, () => giveUp(deps, header, status));
  else if (seconds > START_SECONDS) await door.start(id);
}

/** An order was recorded, but who gave it could not tell the orchestration, which waits for somebody to speak. */
async function wasNotWoken(
  deps: Deps,
  { id, state, commandsDone }: ExecutionRecord,
): Promise<boolean> {
  if (state !== 'paused' && state !== 'awaiting-approval') return false;
  const orders = await deps.executions.commands(id);
  return orders.some(({ sequence }) => sequence > commandsDone);
}

/** Never begun, and by now nobody waits for it: what was true when it was asked for may not be true any more. */
async function giveUp(deps: Deps, { id }: ExecutionRecord, status: string): Promise<void> {
  const draft = await openDraft(deps, id);
  if (draft === null || !UNTOUCHED.includes(draft.header().state)) return;
  const why = `It could not be checked within ${formatSeconds(CHECKED_SECONDS)}: its orchestration is gone (${status}). Nothing was changed; ask again.`;
  draft.patch({}, { type: 'execution-refused', data: { why, findings: [] } });
  end(draft, 'refused', why);
  await draft.commit();
}

async function lost(deps: Deps, header: ExecutionRecord, status: string): Promise<void> {
  const draft = await openDraft(deps, header.id);
  if (draft === null || isTerminal(draft.header().state) || draft.header().state === 'paused')
    return;
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
