import { canonicalId, parseResourceId } from '../core/resource-id.ts';
import type { Json } from '../core/json.ts';
import type { Journey } from './journey.ts';
import type { Plan } from './plan.ts';

/**
 * Whether a resource is of the site that is left or of the one that is entered, by what the plan names under its sites:
 * itself, or something that it is in. Null when it is neither's, or both sites name it.
 */
export function sideOf(
  plan: Pick<Plan, 'sites'>,
  { from, to }: Journey,
  resource: string,
): 'left' | 'entered' | null {
  const id = canonicalId(resource);
  const isIn = (site: string): boolean =>
    idsIn(plan.sites[site]?.resources ?? {}).some((one) => id === one || id.startsWith(`${one}/`));
  const [left, entered] = [isIn(from), isIn(to)];
  if (left === entered) return null;
  return left ? 'left' : 'entered';
}

function idsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return isId(value) ? [canonicalId(value)] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one: Json) => idsIn(one));
}

/** A resource's id, or that of a resource group. */
function isId(text: string): boolean {
  return (
    parseResourceId(text) !== null ||
    /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/?$/i.test(text)
  );
}
