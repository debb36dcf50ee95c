import { instant, secondsBetween } from '../../core/clock.ts';
import { isTerminal } from '../../core/execution.ts';
import type { ExecutionRecord, ExecutionState } from '../../core/execution.ts';
import type { NoticeKind, NoticeSeverity } from '../../core/notice.ts';
import type { Notification } from '../../plan/notifications.ts';
import type { Deps } from '../deps.ts';
import { enqueue } from './enqueue.ts';

interface Standing {
  readonly what: NoticeKind;
  readonly severity: NoticeSeverity;
  readonly sentence: string;
  readonly since: string;
  readonly once: string;
}

/**
 * Tells people where an execution stands. Driven by the record, not by what has just happened, and told once however
 * often it is called: whoever dies between the two is followed by somebody who tells.
 */
export async function tellOf(deps: Deps, header: ExecutionRecord): Promise<void> {
  const now = instant(deps.clock.now());
  for (const { since, once, ...standing } of standingsOf(header, now)) {
    const notice = { plan: header.plan, execution: header.id, ...standing };
    const otherwise = async (): Promise<readonly Notification[] | undefined> =>
      (await deps.pinned.of(header)).plan.notifications;
    await enqueue(deps, { notice, once: `${header.id}~${once}`, since, otherwise });
  }
}

/** An execution that runs is asked often, and an ended one may be asked again much later. */
const FRESH_SECONDS = 60;
const REMEMBERED_SECONDS = 86_400;

/** What people are to know of it now; `once` tells one from the other. */
export function standingsOf(header: ExecutionRecord, now: string): readonly Standing[] {
  const { state, pause, approval, startedAt, endedAt } = header;
  if (isTerminal(state)) {
    if (endedAt === undefined || secondsBetween(endedAt, now) > REMEMBERED_SECONDS) return [];
    return [{ ...end(header), since: endedAt, once: 'ended' }];
  }
  if (state === 'paused' && pause !== undefined) return pausedStandings(header, pause);
  if (state === 'awaiting-approval' && approval !== undefined) {
    const sentence = `The ${whole(header)} waits for ${approval.needed} to agree until ${approval.expiresAt}. ${[header.reason, approval.sentence].filter(Boolean).join(' ')}`;
    const since = header.requestedAt;
    return [
      {
        what: 'awaiting-approval',
        severity: 'warning',
        sentence,
        since,
        once: `approval~${approval.expiresAt}`,
      },
    ];
  }
  if (state !== 'running' || startedAt === undefined) return [];
  if (secondsBetween(startedAt, now) > FRESH_SECONDS) return [];
  const sentence = `The ${whole(header)} has begun: ${header.reason}`;
  return [{ what: 'started', severity: 'warning', sentence, since: startedAt, once: 'started' }];
}

function pausedStandings(
  header: ExecutionRecord,
  { why, since, reminders }: NonNullable<ExecutionRecord['pause']>,
): readonly Standing[] {
  const sentence = `The ${whole(header)} is paused: ${why}`;
  const first: Standing = {
    what: 'paused',
    severity: 'critical',
    sentence,
    since,
    once: `paused~${since}`,
  };
  if (reminders === 0) return [first];
  return [{ ...first, what: 'reminded', once: `reminded~${since}~${reminders}` }];
}

/** Whoever ended it knows; what broke has to be looked at. */
const BROKE: readonly ExecutionState[] = ['failed', 'refused', 'compensated'];

function end(header: ExecutionRecord): Pick<Standing, 'what' | 'severity' | 'sentence'> {
  const { kind, state, outcome } = header;
  const sentence = `The ${whole(header)} has ended ${state}: ${outcome ?? ''}`.trim();
  if (BROKE.includes(state)) {
    const what = kind === 'drill' ? 'drill-failed' : 'ended';
    return { what, severity: 'critical', sentence };
  }
  return { what: 'ended', severity: state === 'succeeded' ? 'info' : 'warning', sentence };
}

export function whole({ mode, kind, plan, from, to }: ExecutionRecord): string {
  return `${mode} ${kind} of ${plan} from ${from} to ${to}`;
}
