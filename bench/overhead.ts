import type { Scenario } from '../local/simulator/scenario.ts';
import { webSphereCafe } from '../local/simulator/scenarios/websphere-cafe.ts';
import type { PlanSource } from '../src/plan/source.ts';
import { folderSource } from '../src/plan/folder-source.ts';
import type { VirtualStackOptions } from '../local/stack/virtual-stack.ts';
import { eventsOf, evidenceOf } from '../test/support/door.ts';
import { detail, openStack, prepare, start, untilStill } from '../test/support/failover.ts';
import { unwatched } from '../test/support/plans.ts';
import { withSpread } from './figures.ts';

const SEEDS = [1, 2, 3];

interface Subject {
  readonly name: string;
  readonly plan: string;
  readonly options: Partial<VirtualStackOptions>;
}

const CAFE = { plan: 'websphere-cafe', options: { plans: unwatched(folderSource('plans')) } };

/**
 * How much longer a planned failover takes than the slowest chain of Azure's own operations, probes and TTLs in it, on the
 * local host with a real host's latencies, at the recorded durations of Azure. Beside it: the same operations one
 * after the other, as a plain script runs them.
 */
export async function run(): Promise<void> {
  console.log(
    '| failover | seconds | over the slowest chain | one after the other, over the slowest chain |',
  );
  console.log('| --- | --- | --- | --- |');
  for (const subject of subjects()) {
    const runs = [];
    for (const seed of SEEDS) runs.push(await measured(subject, seed));
    const cells = [
      subject.name,
      withSpread(runs.map(({ elapsed }) => elapsed)),
      withSpread(
        runs.map(({ ratio }) => ratio),
        3,
      ),
      withSpread(
        runs.map(({ sequential }) => sequential),
        2,
      ),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function subjects(): readonly Subject[] {
  return [
    { ...CAFE, name: 'the example plan' },
    ...[
      { stages: 5, together: 1 },
      { stages: 5, together: 4 },
      { stages: 10, together: 10 },
    ].map(({ stages, together }) => ({
      name: `${stages * together} machines stopped, ${together} at a time`,
      plan: 'machines',
      options: machines(stages, together),
    })),
  ];
}

async function measured(
  { plan, options }: Subject,
  seed: number,
): Promise<{ elapsed: number; ratio: number; sequential: number }> {
  const stack = await openStack({ ...options, seed });
  try {
    await prepare(stack, 'planned');
    const { id } = await start(stack, { plan, mode: 'planned' });
    const state = await untilStill(stack, id);
    const { criticalPath } = await evidenceOf(stack, id);
    const { azureSeconds, elapsedSeconds } = criticalPath;
    if (state !== 'succeeded' || elapsedSeconds === null || azureSeconds === 0) {
      const events = JSON.stringify((await eventsOf(stack, id)).slice(-4));
      throw new Error(`${plan} ended ${state}: ${events}`);
    }
    const { steps } = await detail(stack, id);
    const one = steps.reduce((sum, step) => sum + (step.azureSeconds ?? 0), 0);
    return {
      elapsed: elapsedSeconds,
      ratio: elapsedSeconds / azureSeconds,
      sequential: one / azureSeconds,
    };
  } finally {
    stack.crash();
    stack.clock.stop();
  }
}

/** A plan that stops one machine a step, and the world that has them. */
function machines(stages: number, together: number): { scenario: Scenario; plans: PlanSource } {
  const cafe = webSphereCafe();
  const like = cafe.machines[0]?.id ?? '';
  const id = (index: number): string => like.replace(/[^/]+$/, `vm-${index}`);
  const all = Array.from({ length: stages * together }, (_, index) => index);
  const plan = {
    version: 1,
    name: 'machines',
    home: 'east',
    publicUrl: 'http://websphere-cafe.trafficmanager.net/websphere-cafe/',
    sites: {
      east: { region: 'eastus', standby: 'warm', resources: {} },
      west: { region: 'westus', standby: 'warm', resources: {} },
    },
    objectives: { rto: '4h', rpo: '0s' },
    detection: { interval: '10s', tolerated: 3, timeout: '5s' },
    dnsTtl: '10s',
    stages: Array.from({ length: stages }, (_, stage) => ({
      name: `stage ${stage + 1}`,
      steps: all.slice(stage * together, (stage + 1) * together).map((index) => ({
        id: `stop-${index}`,
        uses: 'vm/stop',
        with: { machines: [id(index)] },
      })),
    })),
  };
  return {
    scenario: {
      ...cafe,
      machines: [
        ...cafe.machines,
        ...all.map((index) => ({ id: id(index), location: 'eastus', interfaceIds: [] })),
      ],
    },
    plans: { list: async () => [{ file: 'machines.yaml', text: JSON.stringify(plan) }] },
  };
}
