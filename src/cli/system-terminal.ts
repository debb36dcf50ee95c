import { createInterface } from 'node:readline/promises';
import picocolors from 'picocolors';
import { overdraw } from './overdraw.ts';
import type { Terminal } from './terminal.ts';

const { env, stdin, stdout, stderr } = process;

/** What a shell says of a program that wrote to somebody who had stopped reading, such as `head`. */
const BROKEN_PIPE = 141;

/** The terminal that this process was started in. */
export function systemTerminal(): Terminal {
  let drawn = 0;
  for (const stream of [stdout, stderr]) stream.on('error', endOfReader);
  return {
    out: (text) => void stdout.write(`${text}\n`),
    talk(text) {
      stderr.write(`${text}\n`);
      // It stands below the picture now: the next picture is drawn below it.
      drawn = 0;
    },
    redraw(lines) {
      const { text, rows } = overdraw(lines, drawn, stdout);
      stdout.write(text);
      drawn = rows;
    },
    live: stdout.isTTY && env['TERM'] !== 'dumb',
    interactive: stdin.isTTY && stderr.isTTY,
    get width() {
      return stdout.isTTY ? stdout.columns : 120;
    },
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

function endOfReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(BROKEN_PIPE);
}
