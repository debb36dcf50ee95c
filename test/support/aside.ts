import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program in a process beside us. It ends with us, by whatever death: its input is ours. */
export interface Aside<Said> {
  /** The one line of JSON by which it said that it was ready. */
  readonly said: Said;
  end(): Promise<void>;
}

export async function startAside<Said>(
  program: URL,
  given: readonly string[],
): Promise<Aside<Said>> {
  // Detached, so that an interrupt at the terminal reaches only us, and it ends in order.
  const child = spawn(process.execPath, [fileURLToPath(program), ...given], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    return {
      said: JSON.parse(line) as Said,
      async end() {
        child.stdin.end();
        await ended;
      },
    };
  }
  throw new Error(`${fileURLToPath(program)} ended before it was ready.`);
}
