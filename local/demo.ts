import { setTimeout as wait } from 'node:timers/promises';
import { systemTerminal } from '../src/cli/system-terminal.ts';
import { connect } from '../src/cli/server.ts';
import type { CliContext } from '../src/cli/context.ts';
import { watch } from '../src/cli/watch.ts';
import { exitCode } from '../src/core/transitions.ts';
import type { CommandAccepted, ExecutionDetail, Started } from '../src/functions/services.ts';
import { IN_BLOBS } from '../src/settings.ts';
import type { Evidence } from '../src/report/evidence.ts';
import { keepEvidence } from './demo/evidence-files.ts';
import { faultsOf } from './demo/faults.ts';
import { afterwards } from './demo/hints.ts';
import { demoPlans } from './demo/plans.ts';
import { parseOptions } from './demo/options.ts';
import type { DemoOptions } from './demo/options.ts';
import { demoResult } from './demo/result.ts';
import { PLAN, untilLagIsKnown, untilWatchBegins, watchStep } from './demo/stage.ts';
import { pushPlans } from './stack/push-plans.ts';
import { createVirtualStack } from './stack/virtual-stack.ts';
import type { VirtualStack } from './stack/virtual-stack.ts';

/** The screen is drawn this often; the world's clock runs by itself. */
const LOOK_MILLISECONDS = 200;

const options = parseOptions(process.argv.slice(2));
const terminal = systemTerminal();
/** With --json the last line of stdout is the result; the story goes to stderr then. */
const say = (text: string): void => (options.json ? terminal.talk(text) : terminal.out(text));

process.exitCode = await demo(options);

async function demo({ planned, ask, push, fail, pace, seed, json }: DemoOptions): Promise<number> {
  const bundle = new URL('./app.js', import.meta.url);
  // A planned move is a person's wish: nothing else is to begin beside it.
  const plans = demoPlans(PLAN, planned ? 'notify' : ask ? 'ask' : 'act');
  const stack = await createVirtualStack({
    ...{ bundle, seed, plans },
    ...(pace === undefined ? {} : { pace }),
    ...(push ? { settings: { SWITCHOVER_PLANS: IN_BLOBS } } : {}),
  });
  await stack.host.start();
  const address = await stack.host.listen(0);
  const operator = cli(stack, address, 'operator');
  if (push) await whileTimePasses(stack, () => pushPlans(address, plans));

  say(
    `The café serves from ${servingSite(stack)}: http://${PLAN}.trafficmanager.net/websphere-cafe/`,
  );
  await stack.clock.hurry(() => untilLagIsKnown(stack));
  if (fail !== undefined) arrange(stack, fail);
  const id = planned ? await orderedMove(operator) : await detectedFailover(stack, address);
  const code = await follow(stack, id, operator);
  return finish(stack, id, operator, code, json);
}

async function orderedMove({ server }: CliContext): Promise<string> {
  const { id } = await server().post<Started>(`/api/plans/${PLAN}/executions`, {
    ...{ kind: 'failover', mode: 'planned', reason: 'The demo moves the café' },
  });
  return id;
}

/** Nobody gives an order: the watch sees the outage, and does what the plan says. */
async function detectedFailover(stack: VirtualStack, address: string): Promise<string> {
  say('East US goes down: machines, database, addresses. Nobody is told.');
  stack.simulator.control.outage('eastus', 'data');
  const { id, awaitsApproval } = await stack.clock.hurry(() => untilWatchBegins(stack, say));
  say(`Clients have seen ${stack.simulator.control.cafe().failed} orders fail.`);
  if (!awaitsApproval) return id;
  say('The failover is prepared and waits. Somebody who may decide agrees.');
  await cli(stack, address, 'approver')
    .server()
    .post<CommandAccepted>(`/api/executions/${id}/commands`, {
      ...{ command: 'approve', reason: 'East US is down, go ahead' },
    });
  return id;
}

/** Watches until the end, or until it pauses; then does what `--then` says, once. */
async function follow(stack: VirtualStack, id: string, operator: CliContext): Promise<number> {
  const code = await whileTimePasses(stack, () => watch({ id, json: false }, operator));
  if (code !== 5 || options.then === undefined) return code;
  const choice = options.then;
  say(`\nThe operator chooses: ${choice}.`);
  await whileTimePasses(stack, () => choose(operator, id, choice));
  return whileTimePasses(stack, () => watch({ id, json: false }, operator));
}

/** Gives the order and waits until it is carried out. */
async function choose({ server, clock }: CliContext, id: string, command: string): Promise<void> {
  const { pause } = await server().get<ExecutionDetail>(`/api/executions/${id}`);
  const { sequence } = await server().post<CommandAccepted>(`/api/executions/${id}/commands`, {
    command,
    reason: `the demo's --then ${command}`,
    ...(command === 'skip' ? { step: pause?.step } : {}),
    ...(command === 'cancel' ? { then: 'stay' } : {}),
  });
  for (;;) {
    const { commandsDone } = await server().get<ExecutionDetail>(`/api/executions/${id}`);
    if (commandsDone >= sequence) return;
    await clock.sleep(LOOK_MILLISECONDS);
  }
}

async function finish(
  stack: VirtualStack,
  id: string,
  { server }: CliContext,
  code: number,
  json: boolean,
): Promise<number> {
  const execution = await server().get<ExecutionDetail>(`/api/executions/${id}`);
  const evidence = await server().get<Evidence>(`/api/executions/${id}/evidence`);
  const path = await keepEvidence(evidence);

  await stack.clock.hurry(() => stack.clock.run(() => stack.clock.sleep(30_000)));
  const cafe = stack.simulator.control.cafe();
  say('');
  say(
    `The café serves from ${servingSite(stack)}. Clients were promised ${cafe.acknowledged} coffees; ${lost(cafe.lost)}.`,
  );
  say(`Evidence: ${path} (and .md). Check it: npx switchover evidence verify ${path}`);
  for (const hint of afterwards(execution, options)) say(hint);
  if (json) process.stdout.write(`${JSON.stringify(demoResult(execution, evidence, path))}\n`);
  await stack.clock.run(() => stack.host.stop());
  stack.clock.stop();
  return exitCode(execution.state) ?? code;
}

function lost(coffees: number): string {
  if (coffees === 0) return 'none of them is lost';
  return coffees === 1 ? 'one of them is lost' : `${coffees} of them are lost`;
}

/** The step's fault is there from its begin to its failure, so that what undoes it, or a retry, meets a sound Azure. */
function arrange({ simulator, ...stack }: VirtualStack, step: string): void {
  const faults = [...faultsOf(step)];
  watchStep({ simulator, ...stack }, step, {
    began: () => faults.splice(0).forEach((fault) => simulator.control.fault(fault)),
    failed: () => simulator.control.clearFaults(),
  });
}

function servingSite({ simulator }: VirtualStack): string {
  const [endpoint] = Object.values(simulator.control.state().traffic);
  const machines = simulator.control.state().machines.filter(({ answers }) => answers);
  if (endpoint === null || endpoint === undefined || machines.length === 0) return 'nowhere';
  return endpoint === 'myPrimaryEndpoint' ? 'east' : 'west';
}

/** The world's clock moves only while somebody waits for it: here, as long as `work` takes. */
async function whileTimePasses<T>(stack: VirtualStack, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  const passing = stack.clock
    .run(() => stack.clock.sleep(365 * 86_400_000, done.signal))
    .catch(() => undefined);
  try {
    return await work();
  } finally {
    done.abort();
    await passing;
  }
}

function cli({ clock }: VirtualStack, url: string, name: string): CliContext {
  return {
    // What a watch says to do next needs an app that stays.
    terminal: {
      ...terminal,
      out: say,
      talk: () => undefined,
      live: terminal.live && !options.json,
    },
    server: () => connect({ url, token: `local:${name}`, key: undefined }),
    clock: {
      now: () => clock.now(),
      sleep: (_ms, signal) =>
        wait(LOOK_MILLISECONDS, undefined, signal === undefined ? {} : { signal }),
    },
    readFile: () => Promise.resolve(null),
    writeFile: () => Promise.resolve(),
  };
}
