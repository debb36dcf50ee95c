#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import picocolors from 'picocolors';
import { commands } from './commands/index.ts';
import type { CliContext } from './context.ts';
import { runCommandLine } from './program.ts';
import { connect } from './server.ts';
import type { Terminal } from './terminal.ts';

const { env, stdin, stdout, stderr } = process;

function systemTerminal(): Terminal {
  let drawn = 0;
  return {
    out: (text) => void stdout.write(`${text}\n`),
    talk: (text) => void stderr.write(`${text}\n`),
    redraw(lines) {
      // The cursor cannot be moved above the screen: of a long picture the end is shown.
      const shown = lines.slice(-Math.max(1, stdout.rows - 1));
      const back = drawn === 0 ? '' : `\u001b[${drawn}F\u001b[J`;
      stdout.write(`${back}${shown.join('\n')}\n`);
      drawn = shown.length;
    },
    live: stdout.isTTY && env['TERM'] !== 'dumb',
    interactive: stdin.isTTY && stderr.isTTY,
    width: stdout.isTTY ? stdout.columns : 120,
    colors: picocolors.createColors(picocolors.isColorSupported),
    async ask(question) {
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}

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
  readFile: (path) => readFile(path, 'utf8').catch(missing),
};

function missing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

process.exitCode = await runCommandLine(process.argv.slice(2), commands, context);
