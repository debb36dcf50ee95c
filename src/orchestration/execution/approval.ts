import { instant } from '../../core/clock.ts';
import { secondsBetween } from '../../core/clock.ts';
import type { CommandRecord, ExecutionRecord } from '../../core/execution.ts';
import type { ExecutionNext } from '../next.ts';
import type { Draft } from './draft.ts';
import { end } from './end.ts';

/** How many people must agree first: different ones, none of them the one who asked. */
export function approvalsNeeded(draft: Draft): number {
  return Math.max(draft.plan.plan.approvals.count, draft.header().approvalsNeeded ?? 0);
}

export function awaitApproval(draft: Draft): void {
  const needed = approvalsNeeded(draft);
  const { expiresSeconds } = draft.plan.plan.approvals;
  const expiresAt = instant(Date.parse(draft.now) + expiresSeconds * 1000);
  draft.move('awaiting-approval', 'preflight');
  draft.patch(
    { approval: { needed, expiresAt } },
    { type: 'approval-awaited', data: { needed, expiresAt } },
  );
}

export function begin(draft: Draft): void {
  draft.move('running', 'begin');
  draft.patch({ startedAt: draft.now });
}

/** Null when this person's word counts, else why not. */
export function whyNoApproval(
  header: ExecutionRecord,
  { by }: Pick<CommandRecord, 'by'>,
): string | null {
  if (by.kind !== 'person') return `${by.name} is no person`;
  if (by.id === header.requestedBy.id)
    return `${by.name} asked for it, and somebody else must agree`;
  if (header.approvals.some((one) => one.by.id === by.id)) return `${by.name} has agreed already`;
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
  return state === 'awaiting-approval' && approval !== undefined && draft.now >= approval.expiresAt;
}

/** Waits for the people; nobody's silence is consent. */
export function untilApproved(draft: Draft): ExecutionNext | null {
  const expiresAt = draft.header().approval?.expiresAt ?? draft.now;
  const left = secondsBetween(draft.now, expiresAt);
  if (left > 0) return { do: 'wait', seconds: left };
  end(draft, 'expired', `Not enough people agreed by ${expiresAt}. Nothing was changed.`);
  return null;
}
