import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { optionsOf, seedNumber } from '../options.ts';
import type { AttemptOptions } from './attempt.ts';

export interface SimulateOptions extends AttemptOptions {
  readonly seeds: number;
  readonly seed: number;
  readonly minutes?: number;
  readonly processes: number;
  /** Minutes. */
  readonly limit: number;
  readonly json: boolean;
  readonly progress: number;
  readonly schedule?: string;
}

/** More processes than this find nothing sooner: each loads and compiles the app for itself. */
const PROCESSES_AT_MOST = 16;
/** A run takes seconds; a hundred of them, to shrink it, some minutes. */
const LIMIT_MINUTES = 10;

export function parseSimulateOptions(words: readonly string[]): SimulateOptions {
  const command = new Command('npm run simulate --')
    .description(
      'Runs failovers against faults, outages and crashes in virtual time, and holds them to every promise.',
    )
    .option('--seeds <count>', 'how many seeds', atLeastOne, 20)
    .option('--seed <seed>', 'the first seed', seedNumber, 1)
    .option('--minutes <minutes>', 'goes on drawing seeds for so many minutes', minutes)
    .option(
      '--processes <count>',
      'how many at the same time; as many as there are cores, if absent',
      atLeastOne,
      Math.min(availableParallelism(), PROCESSES_AT_MOST),
    )
    .option('--schedule <file>', 'runs the schedule in this file and nothing else')
    .option('--verbose', 'prints the timeline of every run', false)
    .option('--no-shrink', 'leaves a failing schedule as it was drawn')
    .option(
      '--limit <minutes>',
      'ends a run of which nothing came for so long: a violation of its seed',
      minutes,
      LIMIT_MINUTES,
    )
    .option(
      '--progress <seconds>',
      'says on stderr how far it is, at most this often; 0: after each seed',
      whole,
      60,
    )
    .option('--json', 'one JSON object as the last line', false);
  return optionsOf<SimulateOptions>(command, words);
}

function whole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

function atLeastOne(text: string): number {
  const number = whole(text);
  if (number < 1) throw new InvalidArgumentError('It is at least 1.');
  return number;
}

/** Timers cannot hold more than three weeks. */
const WEEK = 7 * 24 * 60;

function minutes(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= WEEK) return number;
  throw new InvalidArgumentError(`It is a number above 0, up to ${WEEK}: minutes.`);
}
