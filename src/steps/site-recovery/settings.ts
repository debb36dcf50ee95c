import { z } from 'zod';
import { resourceGroupId, resourceId } from '../schema.ts';

const named = {
  vault: resourceId.describe('Id of the Recovery Services vault'),
  recoveryPlan: z
    .string()
    .min(1)
    .optional()
    .describe('Recovery plan to use while it covers exactly these machines; else each by itself'),
  machines: z
    .array(z.string().min(1))
    .min(1)
    .refine(
      (names) => new Set(names.map((name) => name.toLowerCase())).size === names.length,
      'a machine is named twice',
    )
    .describe('Friendly names of the protected machines: reprotecting changes their item ids'),
};

export const commitSettings = z.strictObject(named);

export const failoverSettings = z.strictObject({
  ...named,
  sourceGroup: resourceGroupId
    .optional()
    .describe(
      'Resource group of the machines that are left: the app wants rights in the two groups, and not in the whole subscription',
    ),
  targetGroup: resourceGroupId.optional().describe('Resource group in which the machines are made'),
  recoveryPoint: z
    .enum(['Latest', 'LatestProcessed'])
    .default('Latest')
    .describe(
      'Latest: what has arrived is processed first, least data lost; LatestProcessed: faster',
    ),
});

export const testFailoverSettings = z.strictObject({
  ...named,
  network: resourceId.describe(
    'Id of the isolated virtual network, in the region that is entered, in which the test machines are made',
  ),
  adoptLeftover: z
    .boolean()
    .default(false)
    .describe('Take a test failover that somebody else began for this one, and leave it to them'),
});

export type CommitSettings = z.infer<typeof commitSettings>;
export type FailoverSettings = z.infer<typeof failoverSettings>;
export type TestFailoverSettings = z.infer<typeof testFailoverSettings>;
