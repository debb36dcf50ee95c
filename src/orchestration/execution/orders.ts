import { SwitchoverError } from '../../core/errors.ts';
import { isRehearsal, isTerminal } from '../../core/execution.ts';
import type { CommandRecord, ExecutionRecord } from '../../core/execution.ts';
import type { StepRecord } from '../../core/step.ts';
import { afterRehearsal } from '../drill/rehearsal.ts';
import { approve, reject, whyNoApproval } from './approval.ts';
import { beginCompensation } from './compensate.ts';
import { RESUME, cancelChoices, goUnplanned, pause } from './choices.ts';
import type { Draft } from './draft.ts';
import { end } from './end.ts';
import { goOn, spoken } from './go-on.ts';
import { goOnUnplanned } from './go-on-unplanned.ts';
import { saidBeforeSilence } from './silent.ts';
import { approveStep, rejectStep, whyNotHere } from './step-approval.ts';

type Order = Pick<CommandRecord, 'command' | 'step' | 'accept' | 'then' | 'by'>;

/** Approvals and rejections may be about a step: the one that is named, or that the pause is about. */
export function stepOfWord(header: ExecutionRecord, order: Order): string | null {
  if (order.command !== 'approve' && order.command !== 'reject') return null;
  return header.state === 'awaiting-approval' ? null : (order.step ?? header.pause?.step ?? null);
}

/**
 * Null when the order can be carried out in this state, else why not. Asked twice: when the order comes in, and when
 * the orchestration gets to it, because the execution moves on in between. `about` is the step of `stepOfWord`.
 */
export function whyNot(
  header: ExecutionRecord,
  order: Order,
  about: StepRecord | null = null,
): string | null {
  const { state } = header;
  if (isTerminal(state)) return `it has ended (${state})`;
  // Between its look at the site and its word somebody may have approved.
  if (order.by.kind === 'system' && header.startedAt !== undefined && header.kind !== 'drill')
    return 'it has begun, and only people end what has begun';
  const half = isRehearsal(header) && order.command === 'cancel' ? leavesHalf(header, order) : null;
  if (half !== null) return half;
  if (about !== null && (state === 'paused' || state === 'running'))
    return whyNotHere(header, about, order);
  if (state === 'paused') return notOffered(header, order);
  const possible: readonly string[] =
    state === 'running'
      ? ['pause', 'cancel', ...goUnplanned(header).map((choice) => choice.command)]
      : state === 'compensating'
        ? ['pause', 'cancel']
        : state === 'awaiting-approval'
          ? ['approve', 'reject', 'cancel']
          : ['cancel'];
  if (order.command === 'approve' && possible.includes('approve'))
    return order.step === undefined
      ? whyNoApproval(header, header.approvals, order.by)
      : 'it waits as a whole, not at a step';
  return possible.includes(order.command)
    ? null
    : `an execution that is ${state} takes ${possible.join(', ')} only`;
}

/** What a rehearsal made is left only when cleaning it up has failed, or cannot be done without the lock. */
function leavesHalf(
  { direction, state, startedAt, pause: paused }: ExecutionRecord,
  { then }: Order,
): string | null {
  if (paused?.choices.some(({ then: only }) => only === 'stay') === true) return null;
  if (direction === 'undo' && state !== 'paused')
    return 'it is cleaning up already; if that fails it pauses, and can be cancelled then';
  return direction === 'forward' && startedAt !== undefined && then === 'stay'
    ? 'a rehearsal is always cleaned up: cancel it with --then compensate'
    : null;
}

function notOffered(header: ExecutionRecord, order: Order): string | null {
  const choices = header.pause?.choices ?? [];
  const offered = choices.map((choice) => choice.command);
  if (!offered.includes(order.command)) {
    return `it is paused and offers ${offered.join(', ')}: ${header.pause?.why ?? ''}`.trim();
  }
  const needs = header.pause?.needs;
  if (order.command === 'accept' && needs !== undefined && order.accept !== needs) {
    return `what it asks for is ${needs}`;
  }
  return null;
}

/** Refuses an order that cannot be carried out, with from, to and the operation. */
export function assertPossible(
  header: ExecutionRecord,
  order: Order,
  about: StepRecord | null = null,
): void {
  const why = whyNot(header, order, about);
  if (why === null) return;
  throw new SwitchoverError(
    'TRANSITION_REFUSED',
    `${order.command} is not possible for execution ${header.id}: ${why}.`,
    { details: { state: header.state, command: order.command } },
  );
}

/** As many as fit into one write with what follows from them; the next look takes the rest. */
const ORDERS_AT_ONCE = 20;

/** Carries out the orders that came in since, up to the first that does not `count`; true when any did. */
export async function carryOutOrders(
  draft: Draft,
  count: (order: CommandRecord) => boolean = () => true,
): Promise<boolean> {
  const open = draft.orders.filter((order) => order.sequence > draft.header().commandsDone);
  const end = open.findIndex((order) => !count(order));
  const orders = open.slice(0, Math.min(end === -1 ? open.length : end, ORDERS_AT_ONCE));
  for (const order of orders) {
    const { sequence, command } = order;
    const step = order.step === undefined ? {} : { step: order.step };
    const why =
      saidBeforeSilence(draft, order) ??
      whyNot(draft.header(), order, aboutOf(draft, order)) ??
      unknownStep(draft, order);
    draft.patch(
      { commandsDone: sequence },
      why === null
        ? { type: 'command-carried-out', data: { sequence, command, ...step } }
        : { type: 'command-refused', data: { sequence, command, ...step, why } },
    );
    if (why === null) await carryOut(draft, order);
  }
  return orders.length > 0;
}

function aboutOf(draft: Draft, order: Order): StepRecord | null {
  const id = stepOfWord(draft.header(), order);
  return everyStep(draft).find((step) => step.id === id) ?? null;
}

function everyStep(draft: Draft): readonly StepRecord[] {
  return draft.stepsOf(draft.plan.stages.flatMap((stage) => stage.steps));
}

function unknownStep(draft: Draft, order: CommandRecord): string | null {
  if (order.step === undefined) return null;
  const step = everyStep(draft).find(({ id }) => id === order.step);
  if (step === undefined) return `there is no step ${order.step}`;
  if (order.command === 'approve' || order.command === 'reject') return null;
  if (order.command === 'skip' && step.approval !== undefined)
    return `step ${step.id} is for people to approve, and nobody else can decide for them`;
  return hasFailed(step) || draft.header().pause?.step === step.id
    ? null
    : `step ${step.id} is ${step.state}, not failed`;
}

async function carryOut(draft: Draft, order: CommandRecord): Promise<void> {
  switch (order.command) {
    case 'pause':
      pause(draft, { why: `${order.by.name} paused it: ${order.reason}` }, [
        RESUME,
        ...goUnplanned(draft.header()),
        ...cancelChoices(draft.header()),
      ]);
      return;
    case 'resume':
      goOn(draft, order);
      return;
    case 'retry': {
      const failed = failedOf(draft, order);
      goOn(draft, order);
      for (const id of failed) retry(draft, id);
      return;
    }
    case 'skip': {
      const failed = failedOf(draft, order);
      goOn(draft, order);
      for (const id of failed) skip(draft, id, order);
      return;
    }
    case 'accept':
      accept(draft, order);
      return;
    case 'go-unplanned':
      goOnUnplanned(draft, order);
      return;
    case 'cancel':
      await cancel(draft, order);
      return;
    case 'approve':
    case 'reject':
      decideApproval(draft, order);
      return;
  }
}

function decideApproval(draft: Draft, order: CommandRecord): void {
  const about = aboutOf(draft, order);
  if (order.command === 'approve') {
    if (about === null) approve(draft, order);
    else approveStep(draft, about.id, order);
  } else if (about === null) reject(draft, order);
  else rejectStep(draft, about.id, order);
}

/** What the pause is about: failures of the present stage, those left out that may fail. */
function failedOf(draft: Draft, order: CommandRecord): string[] {
  const { stage, direction } = draft.header();
  const members = draft.plan.stages[stage]?.steps ?? [];
  return members
    .filter((member) => {
      const step = draft.step(member.id);
      if (order.step !== undefined) return member.id === order.step;
      if (step.direction !== direction || step.waived === true) return false;
      return step.state !== 'failed' || member.onFailure !== 'continue';
    })
    .map((member) => member.id)
    .filter((id) => hasFailed(draft.step(id)));
}

function hasFailed({ state, held }: StepRecord): boolean {
  return state === 'failed' || state === 'undo-failed' || held?.why === 'fault';
}

function retry(draft: Draft, id: string): void {
  const undoing = draft.step(id).direction === 'undo';
  // People are asked anew.
  draft.patchStep(id, { state: undoing ? 'undoing' : 'pending', endedAt: null, approval: null });
}

function skip(draft: Draft, id: string, order: CommandRecord): void {
  const { by, reason } = order;
  const undoing = draft.step(id).direction === 'undo';
  draft.patchStep(
    id,
    undoing ? { waived: true } : { state: 'skipped', sentence: `${by.name} skipped it: ${reason}` },
    { type: 'step-skipped', data: { step: id, by, reason } },
  );
}

/**
 * A loss is accepted for the step that asked, up to what the question said; an old side that is presumed stopped, while
 * it looks no more alive than it did when it was asked.
 */
function accept(draft: Draft, order: CommandRecord): void {
  const { pause: paused } = draft.header();
  const what = order.accept ?? paused?.needs;
  const asked = paused?.step === undefined ? undefined : draft.step(paused.step);
  goOn(draft, order);
  if (what === undefined) return;
  const { by, reason } = order;
  const down = asked?.fencing?.observers.filter((one) => one.down).map((one) => one.observer) ?? [];
  const upTo =
    asked?.held?.why === 'ask' && asked.held.upToSeconds !== undefined
      ? { upToSeconds: asked.held.upToSeconds }
      : {};
  const accepted = {
    what,
    by,
    at: draft.now,
    down,
    ...upTo,
    ...(asked === undefined ? {} : { step: asked.id }),
  };
  draft.patch(
    { accepted: [...draft.header().accepted, accepted] },
    { type: 'accepted', data: { acceptance: what, by, reason, ...upTo } },
  );
}

async function cancel(draft: Draft, order: CommandRecord): Promise<void> {
  const header = draft.header();
  const { by, reason } = order;
  const then =
    order.then ??
    (header.mode === 'planned' && header.direction === 'forward' ? 'compensate' : 'stay');
  const words = `${by.name} cancelled it: ${reason}`;
  const stays = then === 'stay' || header.direction === 'undo' || header.startedAt === undefined;
  if (stays || !(await draft.deps.locks.holds(header.plan, header.id, header.token))) {
    draft.clear('pause');
    const after = isRehearsal(header) ? afterRehearsal(draft) : 'Everything stays as it stands.';
    const why = stays ? '' : ' Nothing can be undone without the lock on the plan.';
    end(draft, 'cancelled', `${words}.${why} ${after}`);
    return;
  }
  spoken(draft);
  draft.patch({ undoOrdered: true });
  beginCompensation(draft, words);
}
