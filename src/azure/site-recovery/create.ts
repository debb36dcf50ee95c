import type { SiteRecovery } from '../access.ts';
import type { Parts } from '../parts.ts';
import { createChanges } from './changes.ts';
import { createReads } from './reads.ts';

export function createSiteRecovery(parts: Parts): SiteRecovery {
  const reads = createReads(parts);
  return { ...reads, ...createChanges(parts, reads) };
}
