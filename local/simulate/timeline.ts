import { eventSentence } from '../../src/core/events.ts';
import type { Broken } from './properties/index.ts';
import type { Run } from './run.ts';

interface Line {
  readonly at: number;
  readonly text: string;
}

/** A run as a person reads it: what was arranged, what Azure was asked, what the app recorded, what went wrong. */
export function timeline(run: Run, broken: readonly Broken[]): string {
  const lines: Line[] = [
    ...run.schedule.happenings.map(({ at, ...happening }) => ({
      at: run.begunAt + at * 1_000,
      text: `>>> ${JSON.stringify(happening)}`,
    })),
    ...run.asked.map(({ at, as, what, body, status }) => ({
      at,
      text: `API ${as} ${what} ${JSON.stringify(body)} -> ${status ?? 'no answer'}`,
    })),
    ...run.changes.map(({ at, entry }) => ({
      at,
      text: `AZURE ${entry.operation ?? ''} ${entry.path.split('/').at(-1) ?? ''} -> ${entry.status ?? 'silence'} ${entry.effect ?? entry.code ?? ''}`,
    })),
    ...run.told.flatMap(({ header, events }) =>
      events.map((event) => ({
        at: Date.parse(event.at),
        text: `${header.id.slice(-4)} ${event.type}: ${eventSentence(event).slice(0, 220)}`,
      })),
    ),
    ...firstOfEach(run.errors).map(({ at, message }) => ({
      at,
      text: `ERROR ${message.split('\n')[0]?.slice(0, 220) ?? ''}`,
    })),
    ...broken.map(({ at, property, sentence }) => ({ at, text: `!!! ${property} ${sentence}` })),
  ];
  return lines
    .toSorted((left, right) => left.at - right.at)
    .map(({ at, text }) => `${((at - run.begunAt) / 1_000).toFixed(1).padStart(9)}  ${text}`)
    .join('\n');
}

/** A timer that fails every minute tells the same for hours. */
function firstOfEach(errors: Run['errors']): Run['errors'] {
  return errors.filter(
    (error, index) => errors.findIndex(({ message }) => message === error.message) === index,
  );
}
