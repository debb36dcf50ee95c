import { availableParallelism } from 'node:os';
import { createAzureAccess } from '../src/azure/create.ts';
import type { Clock } from '../src/core/clock.ts';
import { readSignals } from '../src/health/signals/read.ts';
import type { WatchDeps } from '../src/orchestration/watch/deps.ts';
import { tick } from '../src/orchestration/watch/tick.ts';
import { createPlanFacts } from '../src/plan/facts.ts';
import { parsePlan } from '../src/plan/parse.ts';
import type { Plan } from '../src/plan/plan.ts';
import { formatProblems } from '../src/plan/problem.ts';
import { createAlerts } from '../src/records/alerts.ts';
import { createMemoryBlobs } from '../src/records/memory-blobs.ts';
import { createMemoryTables } from '../src/records/memory-tables.ts';
import { createWatchStates } from '../src/records/watch-states.ts';
import { parseSettings } from '../src/settings.ts';
import { stepKinds } from '../src/steps/registry.ts';
import { systemClock } from '../src/system/clock.ts';
import { depsOf, noDoor } from '../test/support/drive.ts';
import { fleetAzure, idsOf } from './fleet/azure.ts';
import type { FleetAzure } from './fleet/azure.ts';
import { withSpread } from './figures.ts';

const PLANS = 1_000;
const TICK_SECONDS = 30;
const ROUNDS = 7;

/**
 * A fleet's tick, with the records in memory and an Azure that answers at once: what it costs this app. All are probed in
 * every tick, and of a tenth of the plans every signal is read; of all after a pause.
 */
export async function run(): Promise<void> {
  const clock = skipping();
  const azure = fleetAzure(PLANS, () => clock.now());
  const deps = depsWith(azure, clock);
  const plans = Array.from({ length: PLANS }, (_one, index) => planOf(index));
  const first = await measured(azure, () => tick(deps, plans, noDoor));
  const usual: Measured[] = [];
  const whole: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    clock.skip(TICK_SECONDS);
    usual.push(await measured(azure, () => tick(deps, plans, noDoor)));
    clock.skip(10 * TICK_SECONDS);
    whole.push(await measured(azure, () => tick(deps, plans, noDoor)));
  }
  const states = await deps.watchStates.all();
  const standings = [...states.values()].flatMap(({ value }) => value.standings);
  const good = standings.filter(({ judges, run }) => judges === 'health' && run?.as === 'good');
  console.log(`${PLANS} plans × 5 signals, on ${availableParallelism()} cores`);
  console.log(`Found good: ${good.length} of ${5 * PLANS} signals`);
  tell('The first tick (everything is read, regions are learned)', [first]);
  tell('A tick, in which everything is read of a tenth of the plans', usual);
  tell('A tick after a pause, in which everything is read', whole);
  console.log(`Memory at the end: ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`);
}

interface Measured {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly calls: Readonly<Record<string, number>>;
}

async function measured(azure: FleetAzure, work: () => Promise<void>): Promise<Measured> {
  azure.taken();
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return {
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: (user + system) / 1e6,
    calls: azure.taken(),
  };
}

function tell(what: string, ticks: readonly Measured[]): void {
  const seconds = ticks.map((one) => one.seconds);
  const calls = Object.entries(ticks.at(-1)?.calls ?? {}).map(
    ([name, count]) => `${count} ${name}`,
  );
  console.log(`${what}:`);
  console.log(`  seconds: ${withSpread(seconds, 2)}`);
  console.log(
    `  of its interval: ${withSpread(
      seconds.map((one) => one / TICK_SECONDS),
      3,
    )}`,
  );
  console.log(
    `  CPU seconds: ${withSpread(
      ticks.map((one) => one.cpuSeconds),
      2,
    )}`,
  );
  console.log(`  requests: ${calls.join(', ')}`);
}

/** The system's, which can be told that time has passed. */
function skipping(): Clock & { readonly skip: (seconds: number) => void } {
  let skipped = 0;
  return {
    ...systemClock,
    now: () => systemClock.now() + skipped,
    skip: (seconds) => {
      skipped += seconds * 1000;
    },
  };
}

function depsWith({ http }: FleetAzure, clock: Clock): WatchDeps {
  const tables = createMemoryTables();
  const settings = parseSettings({ AZURE_METRICS_ENDPOINT: 'https://metrics.monitor.azure.com' });
  const random = (): number => 0.5;
  const log = (): void => undefined;
  const outside = { settings, clock, random, http, probes: http, tables, log };
  const deps = depsOf({
    ...outside,
    blobs: createMemoryBlobs(),
    dns: { resolve: async () => [], alias: async () => null },
    plans: { list: async () => [] },
    secrets: () => null,
  });
  const credential = { getToken: async () => ({ token: 't', expiresOnTimestamp: Infinity }) };
  const access = createAzureAccess({ settings, http, clock, random, log, credential });
  const alerts = createAlerts(tables);
  const through = { ...deps, azure: access, alerts };
  return {
    ...deps,
    azure: access,
    watchStates: createWatchStates(tables),
    facts: createPlanFacts(stepKinds),
    readSignals: (wanted) => readSignals(through, wanted),
    readiness: async () => ({ ready: 'yes', why: '' }),
    onlooker: null,
  };
}

function planOf(index: number): Plan {
  const parsed = parsePlan('fleet.yaml', text(index), stepKinds);
  if (!parsed.ok) throw new Error(formatProblems(parsed.error));
  return parsed.value;
}

function text(index: number): string {
  const [own, other] = [idsOf(index), idsOf(`${index}-west`)];
  const site = (region: string, { server, machine, gateway }: typeof own): string =>
    `{ region: ${region}, standby: cold, resources: { url: 'http://${region}-${index}.example/', server: ${server}, machine: ${machine}, gateway: ${gateway}, endpoint: east } }`;
  return `version: 1
name: app-${index}
home: east
publicUrl: http://app-${index}.example/
sites:
  east: ${site('eastus', own)}
  west: ${site('westus', other)}
objectives: { rto: 30m, rpo: 5m }
detection: { interval: 10s, tolerated: 3, timeout: 5s }
dnsTtl: 30s
watch:
  signals:
    - { id: front, uses: http, with: { url: '\${site.url}' } }
    - { id: traffic, uses: traffic-manager, with: { profile: '${own.profile}', endpoint: '\${site.endpoint}' } }
    - { id: database, uses: sql, with: { server: '\${site.server}', group: fg } }
    - { id: machine, uses: resource-health, with: { resources: '\${site.machine}' } }
    - id: hosts
      uses: metric
      with:
        resource: \${site.gateway}
        namespace: Microsoft.Network/applicationGateways
        name: HealthyHostCount
        bad: { below: 1 }
stages:
  - name: data
    steps:
      - { id: database, uses: sql/failover-group, with: { group: fg, from: '\${from.server}', to: '\${to.server}' } }
`;
}
