import type { JournalEntry } from '../local/simulator/journal.ts';
import type { Mode } from '../src/core/execution.ts';
import { openStack, prepare, start, untilStill } from '../test/support/failover.ts';

interface Calls {
  readonly all: number;
  readonly writes: number;
  readonly puts: number;
  readonly accepted: number;
}

/**
 * What a failover asks of Azure, beside what is asked at rest, against the least with which the same could be done by
 * a script that knows everything beforehand: each write once, a read of what a PUT has to give back, and one look at
 * each operation after its end. Such a script checks nothing before and proves nothing after.
 */
export async function run(): Promise<void> {
  console.log('| failover | all calls | writes | least possible | ratio |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const mode of ['planned', 'unplanned'] as const) {
    const { all, writes, puts, accepted } = await callsOf(mode);
    const least = writes + puts + accepted;
    console.log(`| ${mode} | ${all} | ${writes} | ${least} | ${(all / least).toFixed(1)} |`);
  }
}

async function callsOf(mode: Mode): Promise<Calls> {
  const stack = await openStack();
  const { clock, simulator } = stack;
  try {
    await prepare(stack, mode);
    const begun = clock.now();
    simulator.journal.clear();
    const { id } = await start(stack, { plan: 'websphere-cafe', mode });
    const state = await untilStill(stack, id);
    if (state !== 'succeeded') throw new Error(`The ${mode} failover ended ${state}.`);
    const entries = simulator.journal.entries().filter(isAzure);
    const rest = await atRest(mode, clock.now() - begun);
    const writes = entries.filter(({ effect }) => effect !== null);
    return {
      all: entries.length - rest,
      writes: writes.length,
      puts: writes.filter(({ method }) => method === 'PUT').length,
      // Deallocating, failing over and the like are accepted and go on.
      accepted: writes.filter(({ operation }) => operation !== 'traffic-manager/put-endpoint')
        .length,
    };
  } finally {
    stack.crash();
    clock.stop();
  }
}

/** Azure's calls of the same time in which nobody starts anything. */
async function atRest(mode: Mode, milliseconds: number): Promise<number> {
  const stack = await openStack();
  try {
    await prepare(stack, mode);
    stack.simulator.journal.clear();
    await stack.clock.run(() => stack.clock.sleep(milliseconds));
    return stack.simulator.journal.entries().filter(isAzure).length;
  } finally {
    stack.crash();
    stack.clock.stop();
  }
}

function isAzure({ door }: JournalEntry): boolean {
  return door === 'resource-manager' || door === 'metrics' || door === 'logs';
}
