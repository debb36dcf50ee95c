import { SwitchoverError } from '../../core/errors.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { StartDeps } from './order.ts';

export async function locked(
  { executions }: Pick<StartDeps, 'executions'>,
  plan: string,
  { heldBy, plan: other }: { readonly heldBy: string; readonly plan: string },
): Promise<SwitchoverError> {
  const shared = other === plan ? '' : ` of plan ${other}, which shares resources with ${plan},`;
  const header = (await executions.header(heldBy))?.value;
  const level = header?.level;
  return new SwitchoverError(
    'LOCKED',
    `${level === undefined ? 'Execution' : `The ${level} drill`} ${heldBy}${shared} ${whatNext(heldBy, header)}`,
    {
      details: {
        execution: heldBy,
        plan: other,
        ...(level === undefined ? {} : { drill: level }),
      },
    },
  );
}

function whatNext(id: string, header: ExecutionRecord | undefined): string {
  if (header?.level !== undefined)
    return `is under way. A real failover need not wait for its end: switchover execution cancel ${id} --then compensate --reason TEXT cleans up what it made; then start again.`;
  return header?.state === 'awaiting-approval'
    ? `is prepared and waits for approval. Let it go ahead: switchover execution approve ${id} --reason TEXT. Or cancel it and start your own.`
    : `is under way. Watch it: switchover execution watch ${id}`;
}
