import { isRehearsal } from '../../core/execution.ts';
import type { Acceptance, Choice, ExecutionRecord, Pause } from '../../core/execution.ts';
import type { Sheet } from './draft.ts';

/** Stops for an operator: says why, and what each choice does. An order that is not offered is refused. */
export function pause(
  draft: Sheet,
  reason: { readonly why: string; readonly step?: string; readonly needs?: Acceptance },
  choices: readonly Choice[],
): void {
  const { state, direction, pause: standing } = draft.header();
  const from: Pause['from'] =
    standing?.from ?? (direction === 'undo' && state !== 'running' ? 'compensating' : 'running');
  // An order that could not be carried out leaves it paused, with another question.
  if (state !== 'paused') draft.move('paused', 'pause');
  draft.patch(
    { pause: { since: draft.now, ...reason, choices, from, reminders: 0 } },
    {
      type: 'paused',
      data: {
        why: reason.why,
        choices,
        ...(reason.step === undefined ? {} : { step: reason.step }),
      },
    },
  );
}

const site = (header: ExecutionRecord): string =>
  header.direction === 'undo' ? header.from : header.to;

export const RESUME: Choice = { command: 'resume', does: 'looks at everything again and goes on' };

/** All that is left to who has lost the lock. */
export const LEAVE_IT: Choice = {
  command: 'cancel',
  then: 'stay',
  does: 'ends the execution and leaves everything as it stands now: without the lock nothing can be undone',
};

export function cancelChoices(header: ExecutionRecord): readonly Choice[] {
  if (isRehearsal(header) && header.direction === 'forward') {
    return [
      { command: 'cancel', does: 'with --then compensate cleans up what the rehearsal has made' },
    ];
  }
  if (header.direction === 'undo') {
    return [
      { command: 'cancel', does: 'leaves everything as it stands now and ends the execution' },
    ];
  }
  return [
    {
      command: 'cancel',
      does: `with --then compensate undoes what can be undone, so that ${header.from} serves again; with --then stay leaves everything as it stands now`,
    },
  ];
}

export function goUnplanned(header: ExecutionRecord): readonly Choice[] {
  if (header.mode !== 'planned' || header.direction === 'undo' || isRehearsal(header)) return [];
  return [
    {
      command: 'go-unplanned',
      does: `goes on as an unplanned failover: ${header.from} is given up, data that has not reached ${header.to} may be lost`,
    },
  ];
}

export function afterFailedStep(
  header: ExecutionRecord,
  steps: readonly string[],
  mayGoPast = true,
): readonly Choice[] {
  const names = steps.join(', ');
  const what = header.direction === 'undo' ? `undoing ${names}` : names;
  return [
    { command: 'retry', does: `tries ${what} again` },
    ...(mayGoPast ? [skipChoice(header, names)] : []),
    ...goUnplanned(header),
    ...cancelChoices(header),
  ];
}

function skipChoice(header: ExecutionRecord, names: string): Choice {
  return {
    command: 'skip',
    does:
      header.direction === 'undo'
        ? `leaves ${names} as it stands and goes on undoing the rest`
        : `goes on towards ${site(header)} without ${names}`,
  };
}

export function afterQuestion(header: ExecutionRecord, needs: Acceptance): readonly Choice[] {
  return [
    {
      command: 'accept',
      does:
        needs === 'data-loss'
          ? 'goes on and accepts that this data may be lost'
          : `goes on and takes ${header.from} for stopped`,
    },
    { command: 'retry', does: 'looks again whether the question still stands' },
    ...goUnplanned(header),
    ...cancelChoices(header),
  ];
}
