import { readFile } from 'node:fs/promises';
import type { PlanVersion } from '../../src/core/plan-version.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { ask, withStack } from './door.ts';
import type { Reply } from './door.ts';
import type { openStack } from './failover.ts';

/** A stack whose plans are pushed; at first it has none. */
export async function withDeployedPlans(
  work: (stack: VirtualStack) => Promise<void>,
  options: Parameters<typeof openStack>[0] = {},
): Promise<void> {
  await withStack(
    { ...options, settings: { SWITCHOVER_PLANS: 'blob', ...options.settings } },
    work,
  );
}

export const CAFE = 'websphere-cafe';

/** The café's plan, with some of its text changed. */
export async function cafeText(...edits: readonly (readonly [string, string])[]): Promise<string> {
  const text = await readFile(`plans/${CAFE}.yaml`, 'utf8');
  return edits.reduce((found, [find, put]) => {
    if (!found.includes(find)) throw new Error(`The café's plan does not say "${find}" any more.`);
    return found.replaceAll(find, put);
  }, text);
}

export interface Push {
  readonly text: string;
  readonly name?: string;
  readonly as?: string | null;
  readonly reason?: string;
  readonly despite?: boolean;
  /** As If-Match. */
  readonly base?: number;
}

export function push(stack: VirtualStack, given: Push): Promise<Reply> {
  const { text, name = CAFE, as = 'author', reason = 'a test', despite = false, base } = given;
  const query = new URLSearchParams({ reason, ...(despite ? { despite: 'findings' } : {}) });
  return ask(stack, {
    method: 'PUT',
    path: `/api/plans/${name}?${query.toString()}`,
    as,
    headers: {
      'content-type': 'application/yaml',
      ...(base === undefined ? {} : { 'if-match': `"${base}"` }),
    },
    body: text,
  });
}

export function retire(stack: VirtualStack, reason = 'a test', as = 'author'): Promise<Reply> {
  const path = `/api/plans/${CAFE}?${new URLSearchParams({ reason }).toString()}`;
  return ask(stack, { method: 'DELETE', path, as });
}

export async function versions(stack: VirtualStack, name = CAFE): Promise<readonly PlanVersion[]> {
  const { body } = await ask(stack, { path: `/api/plans/${name}/versions` });
  return (body['versions'] ?? []) as unknown as PlanVersion[];
}
