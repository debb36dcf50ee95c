import { z } from 'zod';
import { resourceName } from '../../core/resource-id.ts';
import type { StepKind } from '../contract.ts';
import { resourceId } from '../schema.ts';
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
    return role === 'Primary'
      ? { holds: true, sentence, proof: { server, role, replicationState } }
      : { holds: false, sentence, retryAfterSeconds: 5 };
  }),
  undoSafety: () => 'safe',
};
