import type { z } from 'zod';
import type { Json } from '../core/json.ts';
import { unexpectedAnswer } from './read.ts';

/** What a service answered, in the shape that it documents. Another shape is no answer. */
export function understood<T>(schema: z.ZodType<T>, answer: Json, operation: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unexpectedAnswer(operation, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}
