import { z } from 'zod';
import type { Json } from '../../../src/core/json.ts';
import { Refusal, errorResponse } from '../errors.ts';

const direction = z.enum(['PrimaryToRecovery', 'RecoveryToPrimary']);
export type FailoverDirection = z.infer<typeof direction>;
const a2a = z.object({ instanceType: z.literal('A2A') });

export const itemFailoverBody = z.object({
  properties: z.object({
    failoverDirection: direction,
    sourceSiteOperations: z.enum(['Required', 'NotRequired']),
    providerSpecificDetails: a2a.extend({ recoveryPointId: z.string().nullish() }),
  }),
});

export const planFailoverBody = z.object({
  properties: z.object({
    failoverDirection: direction,
    sourceSiteOperations: z.enum(['Required', 'NotRequired']),
    // An array here, an object for items.
    providerSpecificDetails: z.array(
      a2a.extend({
        recoveryPointType: z.enum(['Latest', 'LatestProcessed', 'LatestCrashConsistent']),
      }),
    ),
  }),
});

export const testFailoverBody = z.object({
  properties: z.object({
    failoverDirection: direction,
    networkType: z.string(),
    networkId: z.string().nullish(),
  }),
});

export const changePointBody = z.object({ properties: z.object({ recoveryPointId: z.string() }) });

export const switchProtectionBody = z.object({
  properties: z.object({
    replicationProtectedItemName: z.string(),
    providerSpecificDetails: a2a.extend({
      policyId: z.string().nullish(),
      recoveryContainerId: z.string(),
      recoveryResourceGroupId: z.string().nullish(),
      vmManagedDisks: z.array(z.object({ diskId: z.string() })).nullish(),
    }),
  }),
});

export const recoveryPlanBody = z.object({
  properties: z.object({
    primaryFabricId: z.string(),
    recoveryFabricId: z.string(),
    groups: z.array(
      z.object({
        groupType: z.enum(['Shutdown', 'Failover', 'Boot']),
        replicationProtectedItems: z.array(z.object({ id: z.string() })).nullish(),
      }),
    ),
  }),
});

/** Error 506 is the one that was reported for input that does not fit. */
export function parseBody<T>(schema: z.ZodType<T>, body: Json | undefined): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
  throw new Refusal(
    errorResponse(400, '506', `The request is not valid. ${complaints.join('; ')}`),
  );
}
