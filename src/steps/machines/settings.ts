import { z } from 'zod';
import { resourceName } from '../../core/resource-id.ts';
import { resourceId } from '../schema.ts';

export const settings = z.strictObject({
  machines: z
    .array(resourceId)
    .min(1)
    .refine(
      (ids) => new Set(ids.map(nameOf)).size === ids.length,
      'two machines have the same name',
    )
    .describe('Ids of the virtual machines'),
});

export type Settings = z.infer<typeof settings>;

function nameOf(id: string): string {
  return resourceName(id).toLowerCase();
}
