import { secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { formatSeconds } from '../core/duration.ts';
import { eventSentence } from '../core/events.ts';
import type { RecordedEvent } from '../core/events.ts';
import { executionWords, isTerminal } from '../core/execution.ts';
import type { ExecutionState } from '../core/execution.ts';
import type { StepRecord, StepState } from '../core/step.ts';
import { exitCode } from '../core/transitions.ts';
import type { ExecutionDetail } from '../functions/services.ts';
import { fitted, padded } from './columns.ts';
import { pauseLines } from './pause.ts';
import { summaryLines } from './summary.ts';
import type { Colors } from './terminal.ts';

export interface Canvas {
  readonly now: Instant;
  readonly width: number;
  readonly colors: Colors;
}

type Paint = 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

const MARKS: Readonly<Record<StepState, readonly [mark: string, paint: Paint]>> = {
  pending: ['·', 'dim'],
  running: ['▶', 'cyan'],
  waiting: ['…', 'yellow'],
  satisfied: ['✓', 'green'],
  presumed: ['≈', 'yellow'],
  done: ['✔', 'green'],
  skipped: ['↷', 'dim'],
  failed: ['✗', 'red'],
  undoing: ['↶', 'cyan'],
  undone: ['↩', 'green'],
  'undo-failed': ['‼', 'red'],
};

const PAINTS: Readonly<Partial<Record<ExecutionState, Paint>>> = {
  succeeded: 'green',
  compensated: 'yellow',
  paused: 'yellow',
  'awaiting-approval': 'yellow',
  running: 'cyan',
  compensating: 'cyan',
};

/** Below the picture of a run: enough to see that it lives, not so much that the stages scroll away. */
const NEWEST_EVENTS = 3;

/** The picture of one execution as lines of text: what `watch` draws again and again, and `show` once. */
export function timeline(
  execution: ExecutionDetail,
  events: readonly RecordedEvent[],
  canvas: Canvas,
): string[] {
  const ended = isTerminal(execution.state);
  return [
    ...headLines(execution, canvas),
    '',
    ...execution.stages.flatMap((stage) => stageLines(stage, execution, canvas)),
    ...pauseLines(execution, canvas),
    ...(ended ? ['', ...summaryLines(execution, canvas)] : []),
    ...(exitCode(execution.state) === null ? newestLines(events, canvas) : []),
  ];
}

function headLines(execution: ExecutionDetail, { now, colors, width }: Canvas): string[] {
  const { plan, from, to, state, requestedAt, endedAt } = execution;
  const paint = colors[PAINTS[state] ?? 'red'];
  const elapsed = whole(secondsBetween(requestedAt, endedAt ?? now));
  return [
    `${colors.bold(plan)}  ${executionWords(execution)}  ${from} → ${to}  ${paint(state)}  ${elapsed}`,
    colors.dim(fitted(`${execution.id}  ${execution.sentence}`, width)),
  ];
}

function stageLines(
  stage: ExecutionDetail['stages'][number],
  execution: ExecutionDetail,
  canvas: Canvas,
): string[] {
  const widths = columnWidths(execution);
  const steps = execution.steps.filter((step) => stage.steps.includes(step.id));
  return [canvas.colors.bold(stage.name), ...steps.map((step) => stepLine(step, widths, canvas))];
}

interface Widths {
  readonly id: number;
  readonly state: number;
}

/** One pair for all stages, so that the columns stand under each other. */
function columnWidths({ steps }: ExecutionDetail): Widths {
  const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((t) => t.length));
  return {
    id: longest(steps.map((step) => step.id)),
    state: longest(steps.map((step) => step.state)),
  };
}

const TIME_WIDTH = '59 min 59 s'.length;

function stepLine(step: StepRecord, widths: Widths, { now, colors, width }: Canvas): string {
  const [mark, paint] = MARKS[step.state];
  const time = stepTime(step, now);
  const plain = `  ${mark} ${padded(step.id, widths.id)}  ${padded(step.state, widths.state)}  ${padded(time, TIME_WIDTH)}  `;
  const rest = fitted(stepRest(step), width - plain.length);
  return `${colors[paint](plain.trimEnd())}${plain.slice(plain.trimEnd().length)}${colors.dim(rest)}`.trimEnd();
}

/** Of a step that is undone, how long that takes: its state tells of the undo, too. */
function stepTime(step: StepRecord, now: Instant): string {
  const { direction, startedAt, runStartedAt, endedAt } = step;
  const from = direction === 'undo' ? (runStartedAt ?? startedAt) : startedAt;
  if (from === undefined) return '';
  return endedAt === undefined
    ? whole(secondsBetween(from, now))
    : formatSeconds(secondsBetween(from, endedAt));
}

function stepRest({ error, progress, sentence, state }: StepRecord): string {
  if (error !== undefined && (state === 'failed' || state === 'undo-failed')) {
    return `${error.code}: ${error.message}`;
  }
  const moving = state === 'running' || state === 'undoing' || state === 'waiting';
  return moving && progress !== undefined ? `${Math.round(progress)} %  ${sentence}` : sentence;
}

function newestLines(events: readonly RecordedEvent[], { colors, width }: Canvas): string[] {
  const newest = events.slice(-NEWEST_EVENTS).map((event) => fitted(eventLine(event), width));
  return newest.length === 0 ? [] : ['', ...newest.map((line) => colors.dim(line))];
}

/** `10:00:05  database is done after 42 s: …`. Times are UTC, as in the evidence. */
export function eventLine(event: RecordedEvent): string {
  return `${event.at.slice(11, 19)}  ${eventSentence(event)}`;
}

/** Seconds that still run are shown whole: tenths would flicker. */
function whole(seconds: number): string {
  return formatSeconds(Math.max(0, Math.floor(seconds)));
}
