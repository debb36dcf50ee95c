import { createInterface } from 'node:readline/promises';
import picocolors from 'picocolors';
import type { Terminal } from './terminal.ts';

const { env, stdin, stdout, stderr } = process;

/** The terminal that this process was started in. */
export function systemTerminal(): Terminal {
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
