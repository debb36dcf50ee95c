import { canonicalText } from '../core/canonical.ts';
import { sha256 } from '../core/chain.ts';
import type { Plan } from './plan.ts';

/** SHA-256 over the plan's RFC 8785 canonical JSON: the same for two files that say the same. */
export function planHash(plan: Plan): string {
  return sha256(canonicalText(plan));
}
