import { z } from 'zod';
import { httpUrl, resourceId } from '../schema.ts';

export const settings = z
  .strictObject({
    profile: resourceId.describe('Id of the Traffic Manager profile'),
    control: z
      .enum(['switchover', 'automatic'])
      .describe(
        'switchover: the passive endpoint is disabled at rest and only this step enables it; automatic: Traffic Manager moves by its probes, the step follows',
      ),
    part: z
      .enum(['close', 'open', 'both'])
      .default('both')
      .describe(
        'close: disable the old endpoint; open, both: enable the new one, then disable the old',
      ),
    from: z.string().min(1).describe('Name of the endpoint that is left'),
    to: z.string().min(1).describe('Name of the endpoint that is entered'),
    ready: z
      .strictObject({
        url: httpUrl.describe('Where the new site answers for itself'),
        status: z.int().min(100).max(599).default(200).describe('The answer that is wanted'),
      })
      .optional()
      .describe('What the new site must answer before traffic is pointed at it'),
  })
  .refine(
    ({ control, part }) => control === 'switchover' || part !== 'close',
    'with control automatic nothing can be closed: the other endpoint is enabled and would be served',
  );

export type Settings = z.infer<typeof settings>;
