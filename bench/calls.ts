import type { JournalEntry } from '../local/simulator/journal.ts';
import { CLIENT_IDS } from '../local/simulator/scenarios/websphere-cafe.ts';
import type { Mode } from '../src/core/execution.ts';
import { withStack } from '../test/support/door.ts';
import { detail, prepare, start, untilStill } from '../test/support/failover.ts';
import { editedPlans, unwatched } from '../test/support/plans.ts';
import { PURPOSES, mostWithin, purposeOf } from './calls/purposes.ts';
import type { Purpose } from './calls/purposes.ts';

interface Calls {
  readonly for: ReadonlyMap<Purpose, number>;
  readonly all: number;
  /** With which the same could be done by a script that knows everything beforehand. */
  readonly least: number;
  readonly inASecond: number;
  readonly inAMinute: number;
}

const MODES = ['planned', 'unplanned'] as const;
/** The example plan alone, and who asks in a name of his own. */
const WORLD = { plans: unwatched(editedPlans([])), identities: true };

/**
 * What a failover asks of Azure and for what, without what is asked at rest, against the least with which the same could
 * be done by a script that knows everything beforehand: each write once, a read of what a PUT has to give back, and one
 * look at each operation after its end. Such a script checks nothing before and proves nothing after.
 */
export async function run(): Promise<void> {
  const found: Calls[] = [];
  for (const mode of MODES) found.push(await callsOf(mode));
  const row = (what: string, figure: (calls: Calls) => string | number): void =>
    console.log(`| ${[what, ...found.map(figure)].join(' | ')} |`);
  console.log(`| calls for | ${MODES.join(' | ')} |`);
  console.log('| --- | --- | --- |');
  for (const purpose of PURPOSES) row(purpose, (calls) => calls.for.get(purpose) ?? 0);
  row('all', ({ all }) => all);
  row('the least possible', ({ least }) => least);
  row('as a multiple of it', ({ all, least }) => (all / least).toFixed(1));
  row('most in a second (Azure gives back 25)', ({ inASecond }) => inASecond);
  row('most in a minute (Azure bears 1,750)', ({ inAMinute }) => inAMinute);
}

async function callsOf(mode: Mode): Promise<Calls> {
  const found: Calls[] = [];
  await withStack(WORLD, async (stack) => {
    const { clock, simulator } = stack;
    await prepare(stack, mode);
    const asked = clock.now();
    simulator.journal.clear();
    const { id } = await start(stack, { plan: 'websphere-cafe', mode });
    const state = await untilStill(stack, id);
    if (state !== 'succeeded') throw new Error(`The ${mode} failover ended ${state}.`);
    const { steps } = await detail(stack, id);
    const begun = steps.flatMap(({ startedAt }) => startedAt ?? []).sort()[0] ?? '';
    const entries = simulator.journal.entries().filter(isAzure);
    const sent = entries.find(({ operation }) => operation === 'site-recovery/failover');
    const moments = { begun, machinesSent: sent?.at ?? null };
    const purposes = Map.groupBy(entries, (entry) => purposeOf(entry, moments));
    const counts = new Map([...purposes].map(([purpose, of]) => [purpose, of.length]));
    const rest = await atRest(mode, clock.now() - asked);
    const watching = 'watching the old side, and keeping the lag';
    counts.set(watching, (counts.get(watching) ?? 0) - rest);
    found.push({
      for: counts,
      all: entries.length - rest,
      least: leastOf(entries),
      inASecond: mostWithin(1, entries),
      inAMinute: mostWithin(60, entries),
    });
  });
  const [calls] = found;
  if (calls === undefined) throw new Error('Nothing was counted.');
  return calls;
}

function leastOf(entries: readonly JournalEntry[]): number {
  const writes = entries.filter(({ effect }) => effect !== null);
  const puts = writes.filter(({ method }) => method === 'PUT');
  // Deallocating, failing over and the like are accepted and go on.
  const accepted = writes.filter(({ operation }) => operation !== 'traffic-manager/put-endpoint');
  return writes.length + puts.length + accepted.length;
}

/** Azure's calls of the same time in which nobody starts anything. */
async function atRest(mode: Mode, milliseconds: number): Promise<number> {
  let count = 0;
  await withStack(WORLD, async (stack) => {
    await prepare(stack, mode);
    stack.simulator.journal.clear();
    await stack.clock.run(() => stack.clock.sleep(milliseconds));
    count = stack.simulator.journal
      .entries()
      .filter(isAzure)
      .filter(({ caller }) => caller === CLIENT_IDS.AZURE_CLIENT_ID).length;
  });
  return count;
}

function isAzure({ door }: JournalEntry): boolean {
  return door === 'resource-manager' || door === 'metrics' || door === 'logs';
}
