import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { faultsOf } from '../../local/demo/faults.ts';
import type { CafeReport } from '../../local/simulator/cafe/clients.ts';
import type { SimulatorState } from '../../local/simulator/control.ts';
import type { JournalEntry } from '../../local/simulator/journal.ts';
import { isTerminal } from '../../src/core/execution.ts';
import type {
  CommandAccepted,
  ExecutionDetail,
  ExecutionSummary,
  Started,
} from '../../src/functions/services.ts';
import { parseEvidence } from '../../src/report/evidence-schema.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import type { CrashBench, World } from './bench.ts';
import { HOOKS_HOST } from './hooks.ts';
import { planOf } from './stories.ts';
import type { Story } from './stories.ts';

export interface Ending {
  readonly state: string;
  /** What was changed in Azure, sorted. */
  readonly changes: readonly string[];
  /** Where machines, database and traffic are at last. */
  readonly world: object;
  /** Calls by step, attempt and name, as the evidence has them. */
  readonly calls: readonly string[];
  readonly flaws: readonly string[];
  /** In the order in which they were reached. */
  readonly boundaries: readonly string[];
  /** At which it was to die, but did not pass. */
  readonly unmet: readonly string[];
  readonly deaths: number;
  readonly log: string;
}

const LOOK_MS = 100;
const PATIENCE_MS = 240_000;

/** Runs one execution. At each of the `deadly` boundaries the host kills itself; another one goes on with what it finds. */
export async function runThrough(
  bench: CrashBench,
  story: Story,
  deadly: readonly string[],
): Promise<Ending> {
  const plan = await planOf(story);
  const world = await bench.newWorld(plan);
  const keeper = keepUp(world);
  try {
    if (story.outage === true) await loseEastUs(bench, world);
    for (const fault of story.fail === undefined ? [] : faultsOf(story.fail)) {
      await bench.control('faults', fault);
    }
    await writeFile(world.files.reached, '');
    await writeFile(world.files.deadly, deadly.join('\n'));
    const id = await begin(world, nameOf(plan), story);
    const state = await untilStill(world, id, story.people ?? []);
    const ending = { state, ...(await lookBack(bench, world, id)) };
    return { ...ending, deaths: keeper.stop() };
  } finally {
    keeper.stop();
    await world.host.stop();
  }
}

/** As a platform does: who died is started again, also who died while it started. */
function keepUp({ host }: World): { stop(): number } {
  let deaths = 0;
  let stopped = false;
  const keep = async (): Promise<void> => {
    for (;;) {
      await host.ended;
      if (stopped) return;
      deaths += 1;
      await host.start().catch(() => undefined);
    }
  };
  void keep();
  return {
    stop() {
      stopped = true;
      return deaths;
    },
  };
}

class Refused extends Error {}

/** The host may be dead at the moment. */
async function ask<T>({ host }: World, path: string, as: string, body?: object): Promise<T> {
  const since = Date.now();
  for (;;) {
    try {
      const answer = await fetch(`${host.address}${path}`, {
        headers: {
          authorization: `Bearer local:${as}`,
          'content-type': 'application/json',
          'x-switchover': '1',
          // A start that is asked for again is the same start.
          'idempotency-key': 'the-only-one',
        },
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      });
      if (answer.ok) return (await answer.json()) as T;
      if (answer.status < 500)
        throw new Refused(`${path}: ${answer.status} ${await answer.text()}`);
    } catch (error) {
      if (!(error instanceof TypeError) || Date.now() - since > PATIENCE_MS) throw error;
    }
    await pause(LOOK_MS);
  }
}

function nameOf(plan: string): string {
  return /^name: (\S+)$/m.exec(plan)?.[1] ?? '';
}

async function begin(world: World, plan: string, { start }: Story): Promise<string> {
  if (start === null) return begunByWatch(world);
  const body = { ...start, reason: 'a test of deaths' };
  return (await ask<Started>(world, `/api/plans/${plan}/executions`, 'operator', body)).id;
}

async function begunByWatch(world: World): Promise<string> {
  const since = Date.now();
  while (Date.now() - since < PATIENCE_MS) {
    const { executions } = await ask<{ readonly executions: readonly ExecutionSummary[] }>(
      world,
      '/api/executions',
      'viewer',
    );
    if (executions[0] !== undefined) return executions[0].id;
    await pause(LOOK_MS);
  }
  throw new Error(`Nothing began. The host said: ${await world.log()}`);
}

/** Whoever is to agree does so as soon as they are waited for: a pause that waits for them is not the end. */
async function untilStill(world: World, id: string, people: readonly string[]): Promise<string> {
  const since = Date.now();
  const still = [...people];
  while (Date.now() - since < PATIENCE_MS) {
    const { state, ...more } = await ask<ExecutionDetail>(world, `/api/executions/${id}`, 'viewer');
    if (isTerminal(state)) return state;
    if (state === 'paused' && people.length === 0) return `paused: ${more.pause?.why ?? ''}`;
    const next = state === 'paused' ? still.shift() : undefined;
    if (next !== undefined) await agree(world, id, next);
    await pause(LOOK_MS);
  }
  throw new Error(`${id} neither ended nor paused. The host said: ${await world.log()}`);
}

/** Who is told that they have agreed already had their answer lost. */
async function agree(world: World, id: string, who: string): Promise<void> {
  const body = { command: 'approve', reason: 'a test of deaths' };
  const order = ask<CommandAccepted>(world, `/api/executions/${id}/commands`, who, body);
  await order.catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
  });
}

async function lookBack(
  bench: CrashBench,
  world: World,
  id: string,
): Promise<Omit<Ending, 'state' | 'deaths'>> {
  const page = await ask(world, `/api/executions/${id}/evidence`, 'viewer');
  const evidence = parseEvidence(JSON.stringify(page));
  const journal = await bench.control<readonly JournalEntry[]>('journal');
  const { machines, failoverGroups, traffic } = await bench.control<SimulatorState>('state');
  return {
    changes: journal
      .filter(({ effect }) => effect !== null)
      .filter(({ door, path }) => door === 'resource-manager' || path.startsWith(HOOKS_HOST))
      .map(({ method, path, effect }) => named(`${method} ${path}: ${effect ?? ''}`))
      .sort(),
    world: {
      machines: machines.map(({ id: machine, power }) => named(`${machine} ${power}`)).sort(),
      failoverGroups: failoverGroups.map(({ server, role }) => `${server} ${role}`).sort(),
      traffic,
    },
    calls: evidence.calls.map(({ step, attempt, call }) => `${step} ${attempt} ${named(call)}`),
    flaws: verifyEvidence(evidence, evidence.anchors).map((flaw) => JSON.stringify(flaw)),
    boundaries: linesOf(await readFile(world.files.reached, 'utf8')),
    unmet: linesOf(await readFile(world.files.deadly, 'utf8')),
    log: await world.log(),
  };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** Site Recovery draws the names of what it makes. */
function named(text: string): string {
  return text.replace(/-nic-[0-9a-f]+/g, '-nic-X');
}

/** Of clients that order every few seconds: Traffic Manager has seen the outage after fewer. */
const ORDERS_LOST = 12;

/** Once the lag is known; and Traffic Manager must have seen it. */
async function loseEastUs(bench: CrashBench, { files }: World): Promise<void> {
  while (!(await readFile(files.reached, 'utf8')).includes('after plans: lag~')) {
    await pause(LOOK_MS);
  }
  await bench.control('outages', { region: 'eastus', size: 'data' });
  while ((await bench.control<CafeReport>('cafe')).failed < ORDERS_LOST) {
    await pause(LOOK_MS);
  }
}
