import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';

/** The options among `words`. What cannot be understood ends the program with 2, as in the command line. */
export function optionsOf<T extends object>(command: Command, words: readonly string[]): T {
  return command
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .parse(words, { from: 'user' })
    .opts<T>();
}

/** How many times faster than the real one a simulated Azure may be. */
export function factor(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 1000) return number;
  throw new InvalidArgumentError('It is a number above 0, up to 1000.');
}

export function portNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65_536) return number;
  throw new InvalidArgumentError('It is a number from 1 to 65535.');
}

/** What chance is drawn from: the same seed, the same draws. */
export function seedNumber(text: string): number {
  const number = Number(text);
  if (text !== '' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('It is a whole number, such as 7.');
}
