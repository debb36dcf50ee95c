import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import type { DrillLevel, Mode } from '../../src/core/execution.ts';
import { ask } from './door.ts';
import type { Reply } from './door.ts';
import { untilStill } from './failover.ts';

export interface Drill {
  readonly plan: string;
  readonly level: DrillLevel;
  readonly mode?: Mode;
}

/** Asks for a drill through the HTTP door. */
export function askForDrill(
  stack: VirtualStack,
  { plan, level, mode = 'planned' }: Drill,
): Promise<Reply> {
  return ask(stack, {
    path: `/api/plans/${plan}/executions`,
    as: 'operator',
    body: { kind: 'drill', level, mode, reason: 'a test' },
  });
}

/** Begins a drill; it goes on as time passes. */
export async function beginDrill(stack: VirtualStack, asked: Drill): Promise<string> {
  const { status, body } = await askForDrill(stack, asked);
  const { id } = body;
  if (status !== 202 || typeof id !== 'string')
    throw new Error(`${asked.level} was answered with ${status}: ${JSON.stringify(body)}`);
  return id;
}

/** Begins a drill and lets time pass until it has ended or is paused. */
export async function drill(
  stack: VirtualStack,
  asked: Drill,
): Promise<{ readonly id: string; readonly state: string }> {
  const id = await beginDrill(stack, asked);
  return { id, state: await untilStill(stack, id) };
}
