import type { VirtualStack, VirtualStackOptions } from '../../local/stack/virtual-stack.ts';
import { secondsBetween } from '../../src/core/clock.ts';
import { isTerminal } from '../../src/core/execution.ts';
import { azurePartForward } from '../../src/core/step.ts';
import type { StepRecord } from '../../src/core/step.ts';
import type { ExecutionDetail, ExecutionSummary } from '../../src/functions/services.ts';
import { ask, eventsOf, pass, withStack } from '../../test/support/door.ts';
import { drill } from '../../test/support/drills.ts';
import { detail, prepare, start, untilStill } from '../../test/support/failover.ts';

export interface Measured {
  /** From the first step's begin to the last one's end. */
  readonly elapsed: number;
  /** The slowest chain of Azure's own operations, probes and TTLs in it. */
  readonly azure: number;
}

export type Options = Partial<VirtualStackOptions>;

export async function failover(plan: string, options: Options): Promise<Measured> {
  return inStack(options, async (stack) => {
    await prepare(stack, 'planned');
    return measuredBy([await failedOver(stack, plan)]);
  });
}

export async function failedOver(stack: VirtualStack, plan: string): Promise<ExecutionDetail> {
  const { id } = await start(stack, { plan, mode: 'planned' });
  return succeeded(stack, id, await untilStill(stack, id));
}

/** Test machines are made, looked at and cleaned up. */
export async function rehearsal(plan: string, options: Options): Promise<Measured> {
  return inStack(options, async (stack) => {
    await prepare(stack, 'planned');
    const { id, state } = await drill(stack, { plan, level: 'rehearsal' });
    return measuredBy([await succeeded(stack, id, state)]);
  });
}

/** Begun by the calendar, there and back: the time in between is the calendar's, and counts as ours. */
export async function liveDrill(options: Options): Promise<Measured> {
  return inStack(options, async (stack) => {
    const ended = await untilThereAndBack(stack);
    const details = [];
    for (const { id, state } of ended) details.push(await succeeded(stack, id, state));
    return measuredBy(details);
  });
}

async function untilThereAndBack(stack: VirtualStack): Promise<readonly ExecutionSummary[]> {
  for (let minutes = 0; minutes < 120; minutes += 1) {
    await pass(stack, 60);
    const { body } = await ask(stack, { path: '/api/executions' });
    const { executions } = body as unknown as { executions: readonly ExecutionSummary[] };
    if (executions.length === 2 && executions.every(({ state }) => isTerminal(state)))
      return executions.toReversed();
  }
  throw new Error('The live drill did not come back within two hours.');
}

async function inStack(
  options: Options,
  work: (stack: VirtualStack) => Promise<Measured>,
): Promise<Measured> {
  const found: Measured[] = [];
  await withStack(options, async (stack) => {
    found.push(await work(stack));
  });
  const [measured] = found;
  if (measured === undefined) throw new Error('Nothing was measured.');
  return measured;
}

async function succeeded(stack: VirtualStack, id: string, state: string): Promise<ExecutionDetail> {
  if (state === 'succeeded') return detail(stack, id);
  const events = JSON.stringify((await eventsOf(stack, id)).slice(-4));
  throw new Error(`Execution ${id} ended ${state}: ${events}`);
}

function measuredBy(details: readonly ExecutionDetail[]): Measured {
  const steps = details.flatMap((one) => one.steps);
  const began = steps.flatMap(({ startedAt }) => startedAt ?? []).sort()[0] ?? '';
  const ended = steps.flatMap((step) => (step.run > 0 ? (step.endedAt ?? []) : [])).sort();
  return {
    elapsed: secondsBetween(began, ended.at(-1) ?? ''),
    azure: details.reduce((sum, one) => sum + chainOf(one), 0),
  };
}

/** The slowest step of each stage on the way there, and on the way back of what was undone. */
function chainOf({ stages, steps }: ExecutionDetail): number {
  const slowest = (names: readonly string[], part: (step: StepRecord) => number): number =>
    Math.max(0, ...steps.filter(({ id }) => names.includes(id)).map(part));
  return stages.reduce(
    (sum, { steps: names }) =>
      sum +
      slowest(names, (step) => azurePartForward(step) ?? 0) +
      slowest(names, (step) => (step.direction === 'undo' ? (step.azureSeconds ?? 0) : 0)),
    0,
  );
}
