import { z } from 'zod';

/** An object with these members and no others: what nobody knows is refused, for it would change nothing. */
export function facts<S extends z.core.$ZodShape>(
  shape: S,
): z.ZodReadonly<z.ZodObject<S, z.core.$strict>> {
  return z.strictObject(shape).readonly();
}
