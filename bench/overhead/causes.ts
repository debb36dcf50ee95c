import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { secondsBetween } from '../../src/core/clock.ts';
import { azurePartForward } from '../../src/core/step.ts';
import type { StepRecord } from '../../src/core/step.ts';
import type { ExecutionDetail } from '../../src/functions/services.ts';
import { withStack } from '../../test/support/door.ts';
import { prepare } from '../../test/support/failover.ts';
import { failedOver } from './measure.ts';
import type { Options } from './measure.ts';

/** Where the seconds of the example plan's failover go, from the first step's begin to the last one's end. */
export interface Causes {
  readonly azure: number;
  readonly application: number;
  readonly looking: number;
  readonly steps: number;
  readonly between: number;
}

const VALIDATION = 'validate the new side';
const NEW_MACHINES = /resourceGroups\/was-cluster-westus\/.*\/(dmgr|ihs|app)\d*[^/]*$/i;

export async function causes(options: Options): Promise<Causes> {
  const found: Causes[] = [];
  await withStack(options, async (stack) => {
    await prepare(stack, 'planned');
    const told = await failedOver(stack, 'websphere-cafe');
    found.push(sorted(told, upAt(stack)));
  });
  const [one] = found;
  if (one === undefined) throw new Error('Nothing was measured.');
  return one;
}

/** When the simulated guests were up: the console's, the web server's, and the first of the cluster's. */
function upAt({ simulator }: VirtualStack): number {
  const up = { dmgr: Infinity, ihs: Infinity, app: Infinity };
  for (const { id, guestUpAt } of simulator.machines.all()) {
    const role = NEW_MACHINES.exec(id)?.[1]?.toLowerCase();
    if (role === 'dmgr' || role === 'ihs' || role === 'app')
      up[role] = Math.min(up[role], guestUpAt);
  }
  return Math.max(up.dmgr, up.ihs, up.app);
}

function sorted({ stages, steps }: ExecutionDetail, up: number): Causes {
  const sum = { azure: 0, application: 0, looking: 0, steps: 0, between: 0 };
  let last: string | null = null;
  for (const { name, steps: ids } of stages) {
    const members = steps.filter(({ id, run }) => ids.includes(id) && run > 0);
    const { from, to } = spanOf(members);
    if (last !== null) sum.between += secondsBetween(last, from);
    last = to;
    const azure = Math.max(...members.map((step) => azurePartForward(step) ?? 0));
    const rest = secondsBetween(from, to) - azure;
    sum.azure += azure;
    if (name === VALIDATION) {
      const waited = Math.min(rest, Math.max(0, (up - Date.parse(from)) / 1000));
      sum.application += waited;
      sum.looking += rest - waited;
    } else sum.steps += rest;
  }
  return sum;
}

function spanOf(members: readonly StepRecord[]): { readonly from: string; readonly to: string } {
  const begins = members.flatMap(({ startedAt }) => startedAt ?? []).sort();
  const ends = members.flatMap(({ endedAt }) => endedAt ?? []).sort();
  return { from: begins[0] ?? '', to: ends.at(-1) ?? '' };
}
