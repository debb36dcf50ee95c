/** An Azure Resource Manager id, taken apart. Services change the case of segments: compare canonical forms only. */
export interface ResourceId {
  readonly subscription: string;
  readonly resourceGroup: string;
  readonly provider: string;
  /** Type and name pairs below the provider, for example [['servers', 'sql-east'], ['failoverGroups', 'fg']]. */
  readonly path: readonly (readonly [type: string, name: string])[];
}

const SHAPE =
  /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)((?:\/[^/]+\/[^/]+)+)$/i;

/** Returns null when the text is no id of a resource in a resource group. */
export function parseResourceId(text: string): ResourceId | null {
  const match = SHAPE.exec(text);
  if (match === null) return null;
  const [, subscription, resourceGroup, provider, rest] = match;
  if (subscription === undefined || resourceGroup === undefined || provider === undefined)
    return null;
  const segments = (rest ?? '').split('/').slice(1);
  const path: [string, string][] = [];
  for (let index = 0; index + 1 < segments.length; index += 2) {
    path.push([segments[index] ?? '', segments[index + 1] ?? '']);
  }
  return { subscription, resourceGroup, provider, path };
}

/** Lower case, no trailing slash: the form in which ids are compared and locked. */
export function canonicalId(text: string): string {
  return withoutTrailingSlash(text.toLowerCase());
}

export function sameResource(left: string, right: string): boolean {
  return canonicalId(left) === canonicalId(right);
}

/** Whether it is the scope itself, or lies in it: `…/cafe-data` does not lie in `…/cafe`. */
export function isWithin(id: string, scope: string): boolean {
  return `${canonicalId(id)}/`.startsWith(`${canonicalId(scope)}/`);
}

/** The last name of an id: what people call the resource. */
export function resourceName(text: string): string {
  return withoutTrailingSlash(text).split('/').at(-1) ?? text;
}

/** Not by a regular expression, which tries every slash of the id: ids are compared more often than anything else. */
function withoutTrailingSlash(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
