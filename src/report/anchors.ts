import { z } from 'zod';
import type { Blobs } from '../records/blobs.ts';

const headSchema = z.object({ sequence: z.int().nonnegative(), hash: z.string().length(64) });

/** The heads of an execution's chains at one moment, kept where nobody can change them. */
export const anchorSchema = z.object({
  execution: z.string(),
  anchor: z.int(),
  at: z.string(),
  heads: z.record(z.string(), headSchema),
});
export type Anchor = z.infer<typeof anchorSchema>;

/** Every anchor of an execution, from the evidence container, oldest first. */
export async function readAnchors(blobs: Blobs, execution: string): Promise<readonly Anchor[]> {
  const names = await blobs.list('evidence', `anchors/${execution}/`);
  const texts = await Promise.all(names.map((name) => blobs.get('evidence', name)));
  return texts
    .flatMap((text) => (text === null ? [] : [anchorSchema.parse(JSON.parse(text))]))
    .sort((left, right) => left.anchor - right.anchor);
}
