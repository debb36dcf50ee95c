import { Command as Commander, CommanderError } from 'commander';
import { SwitchoverError } from '../core/errors.ts';
import type { AnyCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { EXIT, Failure } from './failure.ts';
import type { Terminal } from './terminal.ts';

const NOUNS: Readonly<Record<string, string>> = {
  plan: 'one plan: what it does, whether its file is valid, its versions',
  execution: 'one run of a plan: watch it, give it orders',
  evidence: 'the record of a run',
};

const EPILOGUE = `
SWITCHOVER_URL names the app; SWITCHOVER_TOKEN (bearer token) or SWITCHOVER_KEY (function key) lets you in.
Exit codes: 0 succeeded; 1 failed or cancelled; 2 usage; 3 refused, rejected, expired or locked;
            4 compensated; 5 paused.`;

/** Runs one command line; returns its exit code and never throws. */
export async function runCommandLine(
  words: readonly string[],
  commands: readonly AnyCommand[],
  context: CliContext,
): Promise<number> {
  let code: number = EXIT.done;
  const program = root(context.terminal);
  for (const command of commands) {
    add(program, command, context, (exitCode) => {
      code = exitCode;
    });
  }
  try {
    await program.parseAsync(words, { from: 'user' });
    return code;
  } catch (error) {
    return exitCodeOf(error, context.terminal);
  }
}

function exitCodeOf(error: unknown, terminal: Terminal): number {
  // Commander has said what is wrong already, or printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  if (error instanceof Failure) {
    terminal.talk(`${terminal.colors.red('error:')} ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof SwitchoverError && error.isMistake) {
    terminal.talk(`${terminal.colors.red('error:')} ${error.message}`);
    return EXIT.usage;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  terminal.talk(`This is a mistake in the command line itself, please report it: ${text}`);
  return EXIT.failed;
}

function root(terminal: Terminal): Commander {
  return new Commander('switchover')
    .description('Moves applications between Azure regions, and back.')
    .option('--no-input', 'never ask; fail instead')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .addHelpText('after', EPILOGUE)
    .exitOverride()
    .showHelpAfterError('(switchover --help lists what there is)')
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.talk(text.trimEnd()),
    });
}

function add(
  program: Commander,
  command: AnyCommand,
  context: CliContext,
  done: (exitCode: number) => void,
): void {
  const [first = '', second] = command.path;
  const parent = second === undefined ? program : noun(program, first);
  const one = parent
    .command(second ?? first)
    .description(command.summary)
    .addHelpText('after', `\nExample:\n  ${command.example}`);
  const names = (command.arguments ?? []).map((argument) => argument.name);
  for (const { name, about } of command.arguments ?? []) one.argument(`<${name}>`, about);
  for (const { flags, about, required } of command.options ?? []) {
    if (required === true) one.requiredOption(flags, about);
    else one.option(flags, about);
  }
  one.action(async () => {
    const given = Object.fromEntries(names.map((name, index) => [name, one.args[index]]));
    done(await command.run({ ...one.optsWithGlobals(), ...given }, context));
  });
}

function noun(program: Commander, name: string): Commander {
  const known = program.commands.find((one) => one.name() === name);
  return known ?? program.command(name).description(NOUNS[name] ?? '');
}
