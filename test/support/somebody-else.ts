import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { pass } from './door.ts';

const WEST =
  '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/cafe-data/providers/Microsoft.Sql/servers/sql-cafe-west';

/** A person in the portal is faster than Switchover: the database's failover group goes to West US. */
export async function somebodyFailsTheDatabaseOver(stack: VirtualStack): Promise<void> {
  const change = stack.simulator.sql.failover(WEST, 'failovergroup-cafe', false);
  if (typeof change === 'string') throw new Error(`The failover group is ${change}.`);
  await pass(stack, change.seconds);
  const error = change.complete();
  if (error !== null) throw new Error(error.message);
}
