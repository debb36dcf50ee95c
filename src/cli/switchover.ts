#!/usr/bin/env node
import { setTimeout as wait } from 'node:timers/promises';
import { commands } from './commands/index.ts';
import type { CliContext } from './context.ts';
import { runCommandLine } from './program.ts';
import { connect } from './server.ts';
import { systemTerminal } from './system-terminal.ts';
import { readTextFile, writeTextFile } from './text-file.ts';

const { env } = process;

const context: CliContext = {
  terminal: systemTerminal(),
  clock: {
    now: () => Date.now(),
    sleep: (ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal }),
  },
  server: () =>
    connect({
      url: env['SWITCHOVER_URL'],
      token: env['SWITCHOVER_TOKEN'],
      key: env['SWITCHOVER_KEY'],
    }),
  readFile: readTextFile,
  writeFile: writeTextFile,
};

process.exitCode = await runCommandLine(process.argv.slice(2), commands, context);
