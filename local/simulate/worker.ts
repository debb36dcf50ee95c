import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { attempt } from './attempt.ts';
import type { RunParts } from './run.ts';
import type { Order, Report } from './worker-process.ts';

/** A process that runs the schedules it is sent, one after the other, and answers each with what came of it. */

const parts: RunParts = {
  bundle: new URL('../app.js', import.meta.url),
  readPlan: (file) => readFile(join('plans', file), 'utf8'),
};

// An interrupt at the terminal reaches every process: whoever sends the schedules ends this one, and goes with it.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());

process.on('message', (message) => {
  // From a crew of the same build.
  void answer(message as Order);
});

async function answer({ schedule, options }: Order): Promise<void> {
  const found = (outcome: Report['outcome']): void => report({ is: 'found', outcome });
  report({ is: 'ended', outcome: await attempt(schedule, parts, options, found) });
}

function report(what: Report): void {
  process.send?.(what);
}
