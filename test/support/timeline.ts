import { EXECUTION_STREAM, eventSentence } from '../../src/core/events.ts';
import type { RecordedEvent } from '../../src/core/events.ts';

/**
 * An execution's events as text that two runs of one story share: what is drawn (ids, names, durations) is left out,
 * and what parallel steps do between two events of the whole is told step by step. How often an operation was
 * looked at is no part of the story.
 */
export function timeline(events: readonly RecordedEvent[]): string {
  const lines: string[] = [];
  let steps = new Map<string, string[]>();
  const flush = (): void => {
    const told = [...steps.keys()].sort().flatMap((step) => steps.get(step) ?? []);
    lines.push(...told.map((line) => `    ${line}`));
    steps = new Map();
  };
  for (const event of events.filter(({ type }) => type !== 'operation-progressed')) {
    const line = plain(eventSentence(event));
    const { stream } = event;
    if (stream === EXECUTION_STREAM || stream === 'operator') {
      flush();
      lines.push(line);
    } else {
      const told = steps.get(stream) ?? [];
      const isChance = told.at(-1) === line || isComingUp(line);
      steps.set(stream, isChance ? told : [...told, line]);
    }
  }
  flush();
  return `${lines.join('\n')}\n`;
}

/** How often, and whether at all, a look meets a site that is still coming up is chance. */
function isComingUp(line: string): boolean {
  return /^\S+ looked: [^(]+\(https?:[^)]+\): (?:no answer|status 5)/.test(line);
}

const DRAWN: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME'],
  [/\d{8}-\d{6}-[a-z0-9]{6}/g, 'EXECUTION'],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID'],
  [/-nic-[0-9a-f]{8}/g, '-nic-ID'],
  [/\b(?:\d+ h )?(?:\d+ min )?\d+(?:\.\d+)? s\b|\b\d+ h(?: \d+ min)?\b|\b\d+ min\b/g, 'LONG'],
  [/\b(Anchor|run) \d+/g, '$1 N'],
  [/(newer than the closing of the application at TIME for) [\w, ]+/g, '$1 some machines'],
  [/\/subscriptions\/[^\s,;:]*\//g, ''],
];

export function plain(text: string): string {
  return DRAWN.reduce((told, [drawn, word]) => told.replace(drawn, word), text);
}
