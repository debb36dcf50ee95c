import { Command, InvalidArgumentError, Option } from 'commander';
import { optionsOf, seedNumber } from '../options.ts';
import { STEPS_THAT_CAN_FAIL } from './faults.ts';

export interface DemoOptions {
  readonly planned: boolean;
  readonly ask: boolean;
  /** Push the plan before anything happens, as to an app that keeps plans in its blob store. */
  readonly push: boolean;
  readonly fail?: string;
  readonly then?: 'retry' | 'skip' | 'cancel';
  /** Virtual seconds per real second; absent for as fast as it goes. */
  readonly pace?: number;
  readonly json: boolean;
  readonly seed: number;
}

/** Fast enough to watch: a failover of ten minutes takes half a minute. */
const PACE = 20;

export function parseOptions(words: readonly string[]): DemoOptions {
  const command = new Command('npm run demo --')
    .description("Takes the café's region down on the local stack and fails over.")
    .option('--planned', 'both sides are healthy: the planned kind', false)
    .option('--ask', 'the watch prepares the failover and waits for a person to agree', false)
    .option('--push', 'the plan is pushed first, in place of one that comes with the app', false)
    .addOption(new Option('--fail <step>', 'makes this step fail').choices(STEPS_THAT_CAN_FAIL))
    .addOption(
      new Option('--then <choice>', 'what the operator does about a pause').choices([
        'retry',
        'skip',
        'cancel',
      ]),
    )
    .option('--speed <speed>', 'real, a number of times faster, or max', speed, PACE)
    .option('--seed <number>', 'draws the durations of everything', seedNumber, 1)
    .option('--json', 'one JSON object as the last line', false);
  const { speed: pace, ...options } = optionsOf<
    Omit<DemoOptions, 'pace'> & { readonly speed: number }
  >(command, words);
  return { ...options, ...(pace === Infinity ? {} : { pace }) };
}

function speed(text: string): number {
  if (text === 'real') return 1;
  if (text === 'max') return Infinity;
  const times = Number(text);
  if (Number.isFinite(times) && times > 0) return times;
  throw new InvalidArgumentError('Give real, max, or a number such as 20.');
}
