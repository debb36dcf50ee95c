import { z } from 'zod';
import { duration, resourceId } from '../schema.ts';

export const settings = z.strictObject({
  group: z.string().min(1).describe('Name of the failover group'),
  from: resourceId.describe('Id of the server that is left'),
  to: resourceId.describe('Id of the server that becomes primary'),
  maxDataLoss: duration
    .optional()
    .describe(
      "Loss that an unplanned failover may take without asking; the plan's limit when absent",
    ),
});

export type Settings = z.infer<typeof settings>;
