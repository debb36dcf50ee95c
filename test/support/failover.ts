import type { ExecutionDetail } from '../../src/functions/services.ts';
import { createExecutions } from '../../src/records/executions.ts';
import type { Executions } from '../../src/records/executions.ts';
import { folderSource } from '../../src/plan/folder-source.ts';
import { unwatched } from './plans.ts';
import { isTerminal } from '../../src/core/execution.ts';
import type { Mode } from '../../src/core/execution.ts';
import { createVirtualStack } from '../../local/stack/virtual-stack.ts';
import type { VirtualStack, VirtualStackOptions } from '../../local/stack/virtual-stack.ts';

/** Made by `npm run build`, which `npm test` runs first. */
export const BUNDLE = new URL('../../dist/local/app.js', import.meta.url);
const START = Date.parse('2026-11-21T10:00:00Z');

export interface Subject {
  readonly plan: string;
  readonly mode: Mode;
  /** Folder of the plan file. */
  readonly plans?: string;
}

export async function openStack(
  options: Partial<VirtualStackOptions> & {
    readonly folder?: string;
    /** Whether what the plans watch may begin something by itself. */
    readonly watched?: boolean;
  } = {},
): Promise<VirtualStack> {
  const { folder = 'plans', watched = false, plans = folderSource(folder), ...rest } = options;
  const stack = await createVirtualStack({
    bundle: BUNDLE,
    start: START,
    plans: watched ? plans : unwatched(plans),
    ...rest,
  });
  await stack.clock.run(() => stack.host.start());
  return stack;
}

/** Time passes until Azure Monitor has had something to say and, for an unplanned run, until the outage shows. */
export async function prepare({ clock, simulator }: VirtualStack, mode: Mode): Promise<void> {
  await clock.run(() => clock.sleep(190_000));
  if (mode === 'planned') return;
  simulator.control.outage('eastus', 'data');
  await clock.run(() => clock.sleep(60_000));
}

export async function start(
  stack: VirtualStack,
  { plan, mode }: Subject,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; id: string; body: unknown }> {
  const answer = await stack.host.fetch({
    url: `/api/plans/${plan}/executions`,
    headers: { authorization: 'Bearer local:operator', 'x-switchover': '1', ...headers },
    body: { kind: 'failover', mode, reason: 'a test' },
  });
  const body = answer.json();
  return { status: answer.status, id: String((body as { id?: unknown }).id), body };
}

export async function order(
  stack: VirtualStack,
  id: string,
  body: object,
  as = 'operator',
): Promise<number> {
  const answer = await stack.host.fetch({
    url: `/api/executions/${id}/commands`,
    headers: { authorization: `Bearer local:${as}`, 'x-switchover': '1' },
    body,
  });
  return answer.status;
}

export async function detail(stack: VirtualStack, id: string): Promise<ExecutionDetail> {
  const answer = await stack.host.fetch({
    url: `/api/executions/${id}`,
    headers: { authorization: 'Bearer local:viewer' },
  });
  return answer.json() as ExecutionDetail;
}

/** The records, read past the app: they are there also while it is down. */
export function records({ tables, blobs }: VirtualStack): Executions {
  return createExecutions(tables, blobs);
}

const HOURS_AT_MOST = 12;

/** Time passes until the execution has ended or is paused; restarts a host that was crashed meanwhile. */
export async function untilStill(stack: VirtualStack, id: string): Promise<string> {
  const executions = records(stack);
  for (let seconds = 0; seconds < HOURS_AT_MOST * 3600; seconds += 5) {
    const header = await executions.header(id);
    const state = header?.value.state ?? 'missing';
    if (state === 'paused' || (header !== null && isTerminal(header.value.state))) return state;
    await stack.clock.run(() => stack.clock.sleep(5_000));
  }
  throw new Error(
    `Execution ${id} neither ended nor paused within ${HOURS_AT_MOST} h of virtual time.`,
  );
}
