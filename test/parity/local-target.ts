import { openSockets } from '../support/sockets.ts';
import { ROLES } from './target.ts';
import type { Target } from './target.ts';

/** The app on the local host, started to be asked. */
export async function localTarget(): Promise<Target> {
  const bench = await openSockets({ plans: 'test/fixtures/plans' });
  return {
    url: bench.host.address,
    credentials: Object.fromEntries(
      ROLES.map((role) => [role, { authorization: `Bearer local:${role}` }]),
    ),
    plan: 'database-only',
    control: bench.azure.controlUrl,
    close: () => bench.stop(),
  };
}
