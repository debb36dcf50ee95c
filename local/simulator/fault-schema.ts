import { z } from 'zod';
import type { Fault } from './service.ts';

/** A fault as people write it: of any resource, and once, unless said otherwise. */
export const faultSchema = z.strictObject({
  operation: z.string().min(1),
  resource: z.string().default(''),
  kind: z.enum([
    'fail-operation',
    'stuck-operation',
    'slow-operation',
    'lose-reply',
    'arrive-late',
    'slow-reply',
    'fail-before',
    'respond',
  ]),
  times: z.int().positive().default(1),
  status: z.int().min(100).max(599).exactOptional(),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
  factor: z.number().positive().exactOptional(),
  retryAfterSeconds: z.number().nonnegative().exactOptional(),
  delaySeconds: z.number().positive().exactOptional(),
}) satisfies z.ZodType<Fault>;
