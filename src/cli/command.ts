import type { z } from 'zod';
import type { CliContext } from './context.ts';
import { EXIT, Failure } from './failure.ts';

/** A command as data: what it is called, what it takes, what it does. */
export interface Command<I> {
  /** Noun and verb: `['execution', 'watch']`. */
  readonly path: readonly string[];
  readonly summary: string;
  readonly arguments?: readonly { readonly name: string; readonly about: string }[];
  readonly options?: readonly CommandOption[];
  /** Of the arguments by name and the options by long name in camel case. */
  readonly input: z.ZodType<I>;
  readonly example: string;
  /** Returns the exit code. */
  readonly run: (input: I, context: CliContext) => Promise<number>;
}

export interface CommandOption {
  readonly flags: string;
  readonly about: string;
  readonly required?: boolean;
}

/** A command whose input type is its own business. */
export interface AnyCommand extends Omit<Command<never>, 'input' | 'run'> {
  readonly run: (raw: Readonly<Record<string, unknown>>, context: CliContext) => Promise<number>;
}

export function command<I>({ input, run, ...about }: Command<I>): AnyCommand {
  return {
    ...about,
    run: (raw, context) => {
      const parsed = input.safeParse(raw);
      if (parsed.success) return run(parsed.data, context);
      const complaints = parsed.error.issues.map(
        (issue) => `${issue.path.map(String).join('.')}: ${issue.message}`,
      );
      throw new Failure(EXIT.usage, complaints.join('; '));
    },
  };
}

export const JSON_OPTION: CommandOption = { flags: '--json', about: 'print JSON' };
export const REASON_OPTION: CommandOption = {
  flags: '--reason <text>',
  about: 'why, for the record',
  required: true,
};
