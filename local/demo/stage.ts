import type { ExecutionState } from '../../src/core/execution.ts';
import { createExecutions } from '../../src/records/executions.ts';
import { createWatchStates } from '../../src/records/watch-states.ts';
import { withPrefix } from '../../src/records/tables.ts';
import type { VirtualStack } from '../stack/virtual-stack.ts';

export const PLAN = 'websphere-cafe';
const EVENT = 'event~step:';

/** Watches the records, and lets `begun` and `failed` know of a step's first failure while it happens. */
export function watchStep(
  stack: VirtualStack,
  step: string,
  on: { readonly began: () => void; readonly failed: () => void },
): void {
  const seen = (
    type: string,
    changes: readonly { readonly row: string; readonly value?: unknown }[],
  ): boolean =>
    changes.some(
      ({ row, value }) =>
        row.startsWith(`${EVENT}${step}~`) &&
        (value as { type?: string } | undefined)?.type === type,
    );
  stack.tables.onWrite({
    after({ table, changes }) {
      if (table !== 'executions') return;
      const rows = changes.map((change) => ({
        row: change.row,
        ...('value' in change ? { value: change.value } : {}),
      }));
      if (seen('step-began', rows)) on.began();
      if (seen('step-failed', rows)) on.failed();
    },
  });
}

/** Lets time pass until the plan's lag was sampled once: without a sample nobody knows what a failover would lose. */
export async function untilLagIsKnown({ clock, tables }: VirtualStack): Promise<void> {
  await clock.run(async () => {
    for (;;) {
      const [row] = await tables.query('plans', 'plans', withPrefix(`lag~${PLAN}`));
      if (typeof row?.value['seconds'] === 'number') return;
      await clock.sleep(5_000);
    }
  });
}

/** What Switchover has begun by itself. */
export interface Begun {
  readonly id: string;
  readonly awaitsApproval: boolean;
}

/** Lets time pass until the watch begins something, and tells what it makes of what it sees on its way there. */
export async function untilWatchBegins(
  { clock, tables, blobs }: VirtualStack,
  tell: (line: string) => void,
): Promise<Begun> {
  const executions = createExecutions(tables, blobs);
  const states = createWatchStates(tables);
  let told = '';
  return clock.run(async () => {
    for (;;) {
      const [look] = await states.explanations(PLAN);
      if (look !== undefined && look.is !== 'healthy' && look.sentence !== told) {
        told = look.sentence;
        tell(`${look.at.slice(11, 19)}  ${look.sentence}`);
      }
      const [execution] = await executions.recent(1);
      if (execution !== undefined && !BEFORE_APPROVAL.includes(execution.state))
        return {
          id: execution.id,
          awaitsApproval: execution.state === 'awaiting-approval',
        };
      await clock.sleep(1_000);
    }
  });
}

/** States that are over in a moment: nobody waits for anything in them. */
const BEFORE_APPROVAL: readonly ExecutionState[] = ['requested', 'preflight'];
