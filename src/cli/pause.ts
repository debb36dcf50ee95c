import type { Choice } from '../core/execution.ts';
import type { ExecutionDetail } from '../functions/services.ts';
import type { Canvas } from './timeline.ts';

/** Why an execution waits for people, what each choice does, and the command that makes it. */
export function pauseLines(execution: ExecutionDetail, { colors }: Canvas): string[] {
  const { id, state, pause } = execution;
  if (state === 'awaiting-approval') {
    return [
      '',
      colors.yellow(execution.sentence),
      `  ${colors.bold('approve')}  goes ahead`,
      `    switchover execution approve ${id} --reason "…"`,
      `  ${colors.bold('reject')}  ends it before anything is changed`,
      `    switchover execution reject ${id} --reason "…"`,
    ];
  }
  if (state !== 'paused' || pause === undefined) return [];
  return [
    '',
    colors.yellow(`Paused since ${pause.since}: ${pause.why}`),
    ...pause.choices.flatMap((choice) => [
      `  ${colors.bold(choice.command)}  ${choice.does}`,
      `    ${choiceCommand(choice, execution)}`,
    ]),
  ];
}

function choiceCommand({ command }: Choice, execution: ExecutionDetail): string {
  const { id, direction, pause } = execution;
  const words = ['switchover execution', command, id];
  if ((command === 'approve' || command === 'reject') && pause?.step !== undefined)
    words.push('--step', pause.step);
  if (command === 'skip') words.push('--step', pause?.step ?? failedSteps(execution));
  if (command === 'accept') words.push('--accept', pause?.needs ?? 'data-loss|presumed-fence');
  if (command === 'cancel') {
    words.push('--then', direction === 'undo' ? 'stay' : 'compensate|stay');
  }
  return [...words, '--reason "…"'].join(' ');
}

function failedSteps({ steps }: ExecutionDetail): string {
  const failed = steps.filter(({ state }) => state === 'failed' || state === 'undo-failed');
  return failed.map(({ id }) => id).join('|');
}
