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

/** Lets time pass until Traffic Manager has given up on the region: what a person on call would look for first. */
export async function untilOutageShows({ clock, simulator }: VirtualStack): Promise<void> {
  const degraded = (): boolean =>
    simulator.traffic.history().some((change) => change.monitor === 'Degraded');
  await clock.run(async () => {
    while (!degraded()) await clock.sleep(5_000);
  });
}
