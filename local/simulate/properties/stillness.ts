import { isTerminal } from '../../../src/core/execution.ts';
import type { ExecutionRecord } from '../../../src/core/execution.ts';
import { SYSTEM } from '../../../src/core/principal.ts';
import { PRINCIPALS } from '../../stack/principals.ts';
import type { Asked } from '../operators.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { Property, Violation } from './property.ts';

export const stillness: Property = {
  name: 'S3',
  promise: 'every execution ends, or pauses with choices that are really there',
  broken: (run) => [
    ...run.told.flatMap((told) => unsettled(run, told)),
    ...refusedOffers(run),
    ...keptLocks(run),
    ...(isDisturbed(run) ? [] : run.told.flatMap(overlong)),
  ],
};

function unsettled({ endedAt }: Run, { header, commands }: Told): readonly Violation[] {
  const { id, state, pause, commandsDone } = header;
  if (isTerminal(state)) return [];
  const violation = (why: string): Violation => ({ at: endedAt, sentence: `${id} ${why}` });
  if (isPrepared(header, endedAt)) return [];
  if (state !== 'paused') return [violation(`is still ${state}`)];
  const waiting = commands.filter(({ sequence }) => sequence > commandsDone);
  return [
    ...(pause === undefined || pause.choices.length === 0 || pause.why === ''
      ? [violation('is paused and offers nothing')]
      : []),
    ...(waiting.length > 0
      ? [
          violation(
            `leaves ${waiting.length} accepted order(s) undone: ${waiting[0]?.command ?? ''}`,
          ),
        ]
      : []),
  ];
}

/** The watch asks people, who may still agree. */
function isPrepared({ state, requestedBy, approval }: ExecutionRecord, now: number): boolean {
  return (
    state === 'awaiting-approval' &&
    requestedBy.id === SYSTEM.id &&
    Date.parse(approval?.expiresAt ?? '') > now - 60_000
  );
}

/** What is offered is taken, unless the execution has moved on meanwhile. */
function refusedOffers(run: Run): readonly Violation[] {
  const { asked, headers } = run;
  return asked.flatMap((one) => {
    if (one.offered === null || one.status === null) return [];
    if (one.status < 400 || one.status >= 500) return [];
    const since = headers.filter(
      ({ at, record }) =>
        record.id === one.execution && at >= one.at - 1_000 && at <= one.answeredAt,
    );
    const moved = since.length > 0;
    return moved || mayNotAgree(run, one)
      ? []
      : [
          {
            at: one.at,
            sentence: `${one.execution ?? ''} offers ${JSON.stringify(one.body)} but answers ${one.status}: ${JSON.stringify(one.answer)}`,
          },
        ];
  });
}

/** The lock of an execution that has ended is free soon after. */
function keptLocks({ locks, told, endedAt }: Run): readonly Violation[] {
  const holder = locks.at(-1)?.holder ?? null;
  const ended = told.find(({ header }) => header.id === holder && isTerminal(header.state));
  return ended === undefined
    ? []
    : [
        {
          at: endedAt,
          sentence: `${ended.header.id} has ended (${ended.header.state}) and keeps its lock`,
        },
      ];
}

/** While the app is down, or its store, nobody keeps time. */
function isDisturbed({ schedule }: Run): boolean {
  return schedule.happenings.some((one) =>
    ['die', 'store', 'terminate', 'steal', 'clock'].includes(one.do),
  );
}

/** Ended, or waiting for a person: the execution itself pauses only when the steps beside it can go no further. */
const ENDS = [
  ...['step-done', 'step-satisfied', 'step-failed', 'step-undone', 'undo-failed'],
  ...['step-overdue', 'asked', 'approval-awaited', 'fault-met'],
];
/** The last look may wait for answers that never come. */
const SLACK_SECONDS = 300;

/** A run of a step ends, or stands still for a person, when its time is over. */
function overlong({ header, events, plan }: Told): readonly Violation[] {
  return events.flatMap((began) => {
    if (began.type !== 'step-began' && began.type !== 'undo-began') return [];
    const { step } = began.data;
    const next = events.find(
      (event) =>
        (event.stream === began.stream &&
          event.sequence > began.sequence &&
          ENDS.includes(event.type)) ||
        (event.type === 'paused' && event.at >= began.at),
    );
    const seconds = (Date.parse(next?.at ?? began.at) - Date.parse(began.at)) / 1_000;
    const limit = plan.step(step).timeoutSeconds + SLACK_SECONDS;
    return seconds <= limit
      ? []
      : [
          {
            at: Date.parse(began.at),
            sentence: `${header.id}: ${step} took ${seconds} s of ${limit}`,
          },
        ];
  });
}

/** Whoever asked for it may not agree to it, and nobody may when it is too late. */
function mayNotAgree({ headers, moments }: Run, { as, at, answeredAt, execution }: Asked): boolean {
  const latest = headers.findLast(
    ({ at: since, record }) => record.id === execution && since <= at,
  );
  if (latest?.record.state !== 'awaiting-approval') return false;
  const { requestedBy, approval } = latest.record;
  if (requestedBy.id === PRINCIPALS[as]?.id) return true;
  return approval !== undefined && Math.min(...moments(approval.expiresAt)) <= answeredAt;
}
