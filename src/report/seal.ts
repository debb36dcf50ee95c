import { canonicalText } from '../core/canonical.ts';
import { sha256 } from '../core/chain.ts';
import type { Evidence } from './evidence-schema.ts';

/**
 * Puts the whole document's own hash on it. The chains bind the events only; this shows a change of anything else, by
 * accident or by somebody who does not know of it. Whoever recomputes it is found by the chains and their anchors only.
 */
export function sealed(document: Omit<Evidence, 'seal'>): Evidence {
  return { ...document, seal: sealOf(document) };
}

export function isSealed(evidence: Evidence): boolean {
  return evidence.seal === sealOf(evidence);
}

/** Of what a file keeps of it: members without a value are gone there. */
function sealOf(document: Omit<Evidence, 'seal'>): string {
  return sha256(canonicalText(JSON.parse(JSON.stringify({ ...document, seal: undefined }))));
}
