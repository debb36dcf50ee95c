import { Command, Option } from 'commander';
import { factor, optionsOf, portNumber } from '../options.ts';
import type { SocketStackOptions } from '../stack/socket-stack.ts';

export type StartOptions = Required<Pick<SocketStackOptions, 'speed' | 'port' | 'auth'>>;

/** Fast enough to wait for: a failover of half an hour takes two minutes. */
const SPEED = 20;
/** Where Core Tools serve a function app. */
const PORT = 7071;

export function parseStartOptions(words: readonly string[]): StartOptions {
  const command = new Command('npm start --')
    .description('Runs the app on this machine, against a simulated Azure, until Ctrl-C.')
    .option(
      '--speed <number>',
      'times faster than the real Azure; 1 for real durations',
      factor,
      SPEED,
    )
    .option('--port <number>', "the app's port", portNumber, PORT)
    .addOption(
      new Option('--auth <way>', 'entra: local test principals; keys: a function key')
        .choices(['entra', 'keys'])
        .default('entra'),
    );
  return optionsOf<StartOptions>(command, words);
}
