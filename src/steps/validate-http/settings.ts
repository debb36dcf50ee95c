import { z } from 'zod';
import { httpUrl } from '../schema.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const expectation = z.strictObject({
  status: z.int().min(100).max(599).default(200).describe('The status that is wanted'),
  bodyIncludes: z.string().min(1).optional().describe('Text that the body must contain'),
  json: z
    .record(z.string(), z.json())
    .optional()
    .describe('Values by path in the JSON body: { "body.status": "UP" }'),
});

const request = z.strictObject({
  name: z.string().min(1).describe('What the request proves, for the evidence'),
  method: z.enum(METHODS).default('GET').describe('How it is asked'),
  url: httpUrl.describe('Where it is asked'),
  headers: z.record(z.string(), z.string()).default({}).describe('Headers by name'),
  body: z.json().optional().describe('Text, or JSON that is sent as application/json'),
  trustAnyCertificate: z
    .boolean()
    .default(false)
    .describe('For consoles with a certificate of their own'),
  expect: expectation.default({ status: 200 }).describe('What a good answer is'),
  capture: z
    .record(z.string(), z.string())
    .default({})
    .describe('Variables for the requests after this one: { id: body.id }, used as ${captured.id}'),
});

export const settings = z.strictObject({
  requests: z
    .array(request)
    .min(1)
    .describe('Made in this order; the first that fails ends the look'),
});

export type Settings = z.infer<typeof settings>;
export type Request = z.infer<typeof request>;

/** Repeating these does no more than doing them once. */
export function mayRepeat({ method }: Request): boolean {
  return method !== 'POST' && method !== 'PATCH';
}
