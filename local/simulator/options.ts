import { Command, Option } from 'commander';
import { factor, optionsOf, portNumber, seedNumber } from '../options.ts';

export interface SimulatorProgramOptions {
  /** The first of seven; 0 takes any free ones. */
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly control: 'switchover' | 'automatic';
  readonly folder: string;
}

export function parseSimulatorOptions(words: readonly string[]): SimulatorProgramOptions {
  const command = new Command('npm run simulator --')
    .description(
      'Azure as seen on the wire, on this machine, until Ctrl-C: Resource Manager, then on the ports after it the managed identity, a proxy to the café, the control API and three name servers.',
    )
    .option('--port <number>', 'the first of seven ports; without it any free ones', portNumber, 0)
    .option('--speed <number>', 'times faster than the real Azure', factor, 1)
    .option('--seed <number>', 'draws the durations of everything', seedNumber, 1)
    .addOption(
      new Option('--control <who>', 'who moves the traffic: Switchover, or Traffic Manager itself')
        .choices(['switchover', 'automatic'])
        .default('switchover'),
    )
    .option('--folder <folder>', 'where the certificates are kept', '.local/simulator');
  return optionsOf<SimulatorProgramOptions>(command, words);
}
