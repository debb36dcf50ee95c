import { z } from 'zod';
import { resourceGroupId, resourceId } from '../schema.ts';

const attachment = z.strictObject({
  interfacePrefix: z
    .string()
    .min(1)
    .describe('How the name of the network interface begins: restored machines get new names'),
  configuration: z.string().min(1).default('ipconfig1').describe('IP configuration'),
  address: resourceId.describe('Id of the public IP address'),
});

export const settings = z.strictObject({
  group: resourceGroupId.describe('Resource group of the restored machines'),
  attach: z
    .array(attachment)
    .min(1)
    .refine(
      (all) => new Set(all.map((one) => one.interfacePrefix.toLowerCase())).size === all.length,
      'two attachments have the same interfacePrefix',
    )
    .describe('Which address goes where'),
});

export type Settings = z.infer<typeof settings>;
export type Attachment = z.infer<typeof attachment>;
