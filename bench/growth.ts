import { createMemoryStore } from '../local/host/durable/memory-store.ts';
import { EXECUTION_ORCHESTRATOR } from '../src/orchestration/names.ts';
import { openStack, start, untilStill } from '../test/support/failover.ts';
import { idlePlan, waits } from '../test/replay/plans.ts';

const SIZES = [10, 100, 1000];
const TOGETHER = 10;

/** Whether a step costs more in a larger plan: steps that only wait, ten a stage, after one plan to warm up. */
export async function run(): Promise<void> {
  await measured(10);
  console.log('| steps | processor time a step | orchestrator turns a step | largest history |');
  console.log('| --- | --- | --- | --- |');
  for (const size of SIZES) {
    const { milliseconds, turns, events, bytes } = await measured(size);
    const cells = [
      String(size),
      `${(milliseconds / size).toFixed(1)} ms`,
      (turns / size).toFixed(1),
      `${events} events, ${(bytes / 1024).toFixed(0)} KiB`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

async function measured(
  size: number,
): Promise<{ milliseconds: number; turns: number; events: number; bytes: number }> {
  const memory = createMemoryStore();
  const largest = { events: 0, bytes: 0 };
  let turns = 0;
  const plans = idlePlan(
    'grows',
    Array.from({ length: size / TOGETHER }, (_, stage) =>
      Array.from({ length: TOGETHER }, (_unused, index) => waits(`wait-${stage}-${index}`, 5)),
    ),
  );
  const stack = await openStack({
    plans,
    store: {
      ...memory,
      commit(changes) {
        memory.commit(changes);
        for (const change of changes) {
          if (change.type !== 'instance' || change.row.name !== EXECUTION_ORCHESTRATOR) continue;
          const history = memory.history(change.row.id);
          largest.events = Math.max(largest.events, history.length);
          const bytes = history.reduce((sum, event) => sum + event.length, 0);
          largest.bytes = Math.max(largest.bytes, bytes);
        }
      },
    },
    onHop: (hop) => {
      if (hop === 'turn') turns += 1;
    },
  });
  try {
    const before = process.cpuUsage();
    const { id } = await start(stack, { plan: 'grows', mode: 'planned' });
    const state = await untilStill(stack, id);
    if (state !== 'succeeded') throw new Error(`A plan of ${size} steps ended ${state}.`);
    const { user, system } = process.cpuUsage(before);
    return { milliseconds: (user + system) / 1000, turns, ...largest };
  } finally {
    stack.crash();
    stack.clock.stop();
  }
}
