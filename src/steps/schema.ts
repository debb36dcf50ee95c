import { z } from 'zod';
import { parseDuration } from '../core/duration.ts';
import { parseResourceId } from '../core/resource-id.ts';

/** Settings values that several kinds share. Checks are refinements, so that editors accept `${from.…}` in them. */
export const resourceId = z
  .string()
  .refine((text) => parseResourceId(text) !== null, 'must be a resource id: /subscriptions/…')
  .describe('Azure resource id');

export const resourceGroupId = z
  .string()
  .refine(
    (text) => /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+$/i.test(text),
    'must be a resource group id: /subscriptions/…/resourceGroups/NAME',
  )
  .describe('Azure resource group id');

export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'must be a duration such as 90s or 1h30m')
  .describe('Duration such as 90s, 15m, 1h30m');

export const httpUrl = z
  .string()
  .refine((text) => /^https?:\/\/[^/]/i.test(text), 'must be an http or https URL');

/** Seconds of a value that `duration` has let through. */
export function secondsOf(text: string): number {
  return parseDuration(text) ?? 0;
}
