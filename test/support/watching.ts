import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { ExecutionSummary, WatchReport } from '../../src/functions/services.ts';
import { ask, pass } from './door.ts';
import type { Line } from './scenario-file.ts';
import { plain } from './timeline.ts';

/** Deeds of stories in which the watch has a part. */

async function newest(stack: VirtualStack): Promise<ExecutionSummary | undefined> {
  const { body } = await ask(stack, { path: '/api/executions' });
  return (body as unknown as { executions: ExecutionSummary[] }).executions[0];
}

const BEGINS_SECONDS = 1_800;

/** Time passes until there is an execution other than `before`. */
export async function begunByWatch(stack: VirtualStack, before: string): Promise<string> {
  for (let waited = 0; waited < BEGINS_SECONDS; waited += 5) {
    const found = await newest(stack);
    if (found !== undefined && found.id !== before) return found.id;
    await pass(stack, 5);
  }
  throw new Error(`Nothing began within ${BEGINS_SECONDS} s.`);
}

export async function nothingBegins(stack: VirtualStack, seconds: number): Promise<void> {
  const before = await newest(stack);
  await pass(stack, seconds);
  const after = await newest(stack);
  if (after?.id !== before?.id) throw new Error(`${after?.id ?? ''} began: ${after?.reason ?? ''}`);
}

export async function flap(
  stack: VirtualStack,
  { flaps, every, for: seconds }: Extract<Line, { flaps: unknown }>,
): Promise<void> {
  const { control } = stack.simulator;
  for (let passed = 0; passed < seconds; passed += every) {
    const isDown = (passed / every) % 2 === 0;
    control.outage(flaps.region, isDown ? flaps.size : 'none');
    await pass(stack, every);
  }
  control.outage(flaps.region, 'none');
}

export async function cutOff(stack: VirtualStack, seconds: number): Promise<void> {
  stack.network.cut = true;
  await pass(stack, seconds);
  stack.network.cut = false;
}

export async function storeless(stack: VirtualStack, seconds: number): Promise<void> {
  const mend = stack.tables.onWrite({
    before() {
      throw new Error('The state store does not answer.');
    },
  });
  await pass(stack, seconds);
  mend();
}

export async function hold(
  stack: VirtualStack,
  body: { readonly lift?: boolean; readonly reason: string },
): Promise<void> {
  const { status } = await ask(stack, { path: '/api/hold', method: 'POST', as: 'operator', body });
  if (status !== 200) throw new Error(`The hold was answered with ${status}.`);
}

/** What the watch made of what it saw, oldest first; what it says again and again is told once. */
export async function lookedAt(stack: VirtualStack, plan: string): Promise<string> {
  const { body } = await ask(stack, { path: `/api/plans/${plan}/watch` });
  const { explanations } = body as unknown as WatchReport;
  const lines = explanations
    .toReversed()
    .map(({ is, sentence, restraints, did }) =>
      plain([`[${is}]`, sentence, ...restraints, ...(did === null ? [] : [did])].join(' ')),
    );
  const told = lines.filter((line, index) => line !== lines[index - 1]);
  return ['What the watch made of it:', ...told.map((line) => `    ${line}`), ''].join('\n');
}
