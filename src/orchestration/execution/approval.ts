import type { Agreement, Approval } from '../../core/approval.ts';
import { later, secondsBetween } from '../../core/clock.ts';
import type { CommandRecord, ExecutionRecord } from '../../core/execution.ts';
import type { Principal } from '../../core/principal.ts';
import type { ExecutionNext } from '../next.ts';
import { isStale } from '../silence.ts';
import { lagBound } from '../step/context.ts';
import { changesIn, deedsOf, whatMayBeLost } from '../what-follows.ts';
import type { Draft } from './draft.ts';
import { end } from './end.ts';

/** How many people must agree first: different ones, none of them the one who asked. */
export function approvalsNeeded(draft: Draft): number {
  return Math.max(draft.plan.plan.approvals.count, draft.header().approvalsNeeded ?? 0);
}

export async function awaitApproval(draft: Draft): Promise<void> {
  const { expiresSeconds, onExpiry: byPlan = 'abort' } = draft.plan.plan.approvals;
  // Where the start itself was made to wait for people, nobody's silence starts it.
  const forced = draft.header().approvalsNeeded !== undefined;
  const onExpiry = forced && byPlan === 'continue' ? 'abort' : byPlan;
  const sentence = await question(draft);
  const approval = {
    ...asked(approvalsNeeded(draft), expiresSeconds, onExpiry, draft.now),
    sentence,
  };
  const { needed, expiresAt } = approval;
  draft.move('awaiting-approval', 'preflight');
  draft.patch(
    { approval },
    { type: 'approval-awaited', data: { needed, expiresAt, onExpiry, sentence } },
  );
}

/** Nobody should have to look up what their word sets going, and what it may cost. */
async function question(draft: Draft): Promise<string> {
  const { deps, now } = draft;
  const { stages } = draft.plan;
  const way = draft.header();
  const { from, to } = way;
  const lag = (): ReturnType<typeof lagBound> => lagBound(deps, way, way.fencing);
  return [
    `What follows, from ${from} to ${to}: ${deedsOf(changesIn(stages, way), way)}`,
    await whatMayBeLost(stages, way, { lag, now }),
  ]
    .filter(Boolean)
    .join(' ');
}

export function asked(
  needed: number,
  seconds: number,
  onExpiry: NonNullable<Approval['onExpiry']>,
  since: string,
): Approval {
  return { needed, seconds, onExpiry, since, expiresAt: later(since, seconds) };
}

export function begin(draft: Draft): void {
  draft.move('running', 'begin');
  draft.patch({ startedAt: draft.now });
}

/** Null when this person's word counts, else why not. */
export function whyNoApproval(
  { requestedBy }: Pick<ExecutionRecord, 'requestedBy'>,
  agreed: readonly Agreement[],
  by: Principal,
): string | null {
  if (by.kind !== 'person') return `${by.name} is no person`;
  if (by.id === requestedBy.id) return `${by.name} asked for it, and somebody else must agree`;
  if (agreed.some((one) => one.by.id === by.id)) return `${by.name} has agreed already`;
  return null;
}

export function approve(draft: Draft, { by, reason }: CommandRecord): void {
  const approvals = [...draft.header().approvals, { by, at: draft.now, reason }];
  draft.patch({ approvals });
  if (approvals.length >= (draft.header().approval?.needed ?? 0)) begin(draft);
}

export function reject(draft: Draft, { by, reason }: CommandRecord): void {
  end(draft, 'rejected', `${by.name} rejected it: ${reason}`);
}

/** A word that comes too late does not count: what was checked then may not be true any more. */
export function approvalExpired(draft: Draft): boolean {
  const { state, approval } = draft.header();
  return state === 'awaiting-approval' && approval !== undefined && expired(approval, draft.now);
}

/** A word that was given in time counts also when nobody got to it before the end; not when our own host was down. */
export function saidInTime(
  { expiresAt }: Approval,
  now: string,
): (order: Pick<CommandRecord, 'at'>) => boolean {
  return ({ at }) => at < expiresAt && !isStale(expiresAt, now);
}

export function expired({ expiresAt }: Approval, now: string): boolean {
  return now >= expiresAt;
}

/** Asks anew for as long as the first time. */
export function extended(approval: Approval, now: string): Approval {
  return { ...approval, expiresAt: later(now, approval.seconds ?? 0) };
}

/** Waits for the people and reminds them; nobody's silence is consent unless the plan says so. */
export function untilApproved(draft: Draft): ExecutionNext | null {
  const { approval } = draft.header();
  if (approval === undefined || expired(approval, draft.now)) {
    atExpiry(draft, approval);
    return null;
  }
  const every = draft.plan.plan.reminderSeconds;
  const waited = secondsBetween(approval.since ?? draft.now, draft.now);
  remind(draft, approval, Math.floor(waited / every));
  const left = secondsBetween(draft.now, approval.expiresAt);
  return { do: 'wait', seconds: Math.min(left, Math.max(1, every - (waited % every))) };
}

function atExpiry(draft: Draft, approval: Approval | undefined): void {
  const given = draft.header().approvals.length;
  const then = approval?.onExpiry ?? 'abort';
  if (approval === undefined || then === 'abort') {
    const until = approval?.expiresAt ?? draft.now;
    end(draft, 'expired', `Not enough people agreed by ${until}. Nothing was changed.`);
    return;
  }
  const { needed } = approval;
  if (then === 'continue') {
    draft.patch({}, { type: 'approval-expired', data: { needed, given, then } });
    begin(draft);
    return;
  }
  const again = extended(approval, draft.now);
  const until = again.expiresAt;
  draft.patch(
    { approval: again },
    { type: 'approval-expired', data: { needed, given, then, until } },
  );
  warn(draft, `still waits for ${needed - given} people to agree, now until ${until}`);
}

function remind(draft: Draft, approval: Approval, due: number): void {
  if (due <= (approval.reminders ?? 0)) return;
  const { needed, expiresAt } = approval;
  const given = draft.header().approvals.length;
  draft.patch(
    { approval: { ...approval, reminders: due } },
    { type: 'approval-reminded', data: { reminder: due, needed, given, expiresAt } },
  );
  warn(draft, `waits for ${needed - given} people to agree until ${expiresAt}`);
}

function warn(draft: Draft, words: string): void {
  const { id } = draft.header();
  draft.deps.log({ level: 'warning', message: `Execution ${id} ${words}.` });
}
