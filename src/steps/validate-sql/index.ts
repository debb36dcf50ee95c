import { z } from 'zod';
import type { FailoverGroupView } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { StepContext, StepKind } from '../contract.ts';
import { resourceId } from '../schema.ts';
import { isPrimary, lookAtSides } from '../sql-failover-group/sides.ts';
import { watching } from '../watching.ts';

const settings = z.strictObject({
  group: z.string().min(1).describe('Name of the failover group'),
  server: resourceId.describe('Id of the server that must be primary'),
});

type Settings = z.infer<typeof settings>;

/** Resource Manager's word on who is primary. That the application can write is for validate/http to prove. */
export const validateSql: StepKind<Settings> = {
  uses: 'validate/sql',
  summary: 'Proves that a server is the primary of its failover group.',
  settings,
  effect: 'none',
  makesWritable: false,
  settleSeconds: 0,
  typicalSeconds: () => 1,
  resources: () => [],
  permissions: ({ server }) => [
    { action: 'Microsoft.Sql/servers/failoverGroups/read', scope: server },
  ],
  describe: ({ group, server }) => `Check that ${resourceName(server)} is primary of ${group}.`,
  onlyReads: () => true,
  check: async (context, { group, server }) =>
    (await context.azure.sql.get(server, group)) === null
      ? [
          {
            severity: 'critical',
            resource: server,
            problem: `has no failover group ${group}`,
            remedy: 'Create the failover group or correct the plan.',
          },
        ]
      : [],
  forward: watching(async (context, { group, server }) => {
    const view = await context.azure.sql.get(server, group);
    const name = resourceName(server);
    if (view === null) {
      return {
        holds: false,
        sentence: `${name} has no failover group ${group}.`,
        retryAfterSeconds: 10,
      };
    }
    const { role, replicationState } = view;
    const sentence = `${name} is ${role} of ${group} (${replicationState}).`;
    if (role !== 'Primary') return { holds: false, sentence, retryAfterSeconds: 5 };
    const successor = await successorOf(context, group, view);
    return successor === null
      ? { holds: true, sentence, proof: { server, role, replicationState } }
      : {
          holds: false,
          sentence: `${sentence} It has not noticed yet that ${successor} took over.`,
          retryAfterSeconds: 10,
        };
  }),
  undoSafety: () => 'safe',
};

/**
 * The partner that took over while this server was dead, which goes on calling itself primary until it notices. A
 * partner that cannot be read contradicts nothing.
 */
async function successorOf(
  context: StepContext,
  group: string,
  { server, partners, replicationState }: FailoverGroupView,
): Promise<string | null> {
  // Who has not noticed says that all is at rest; the one that took over does not, and its partner is mostly dead.
  if (replicationState.toUpperCase() !== 'CATCH_UP') return null;
  for (const { id } of partners) {
    const { from: partner, to: own } = await lookAtSides(context, { group, from: id, to: server });
    if (isPrimary(partner, own)) return partner.server;
  }
  return null;
}
