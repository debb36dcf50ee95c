import { parseResourceId, type ResourceId } from '../core/resource-id.ts';
import { AzureError } from './errors.ts';

/** A resource's id, taken apart for the SDKs' methods. */
export interface Located extends ResourceId {
  readonly id: string;
  /** Name of the last pair of the id. */
  readonly name: string;
  /** For messages: `servers/sql-west/failoverGroups/fg in cafe-data`. */
  readonly label: string;
}

/** Takes an id apart; one that is no resource id is refused here, before it can become a strange request. */
export function locate(id: string): Located {
  const parsed = parseResourceId(id);
  const last = parsed?.path.at(-1);
  if (parsed === null || last === undefined || /(^|\/)\.{1,2}(\/|$)/.test(id)) {
    throw new AzureError({
      effect: 'refused',
      code: 'InvalidResourceId',
      message: `"${id}" is no resource id. Correct it in the plan.`,
      operation: 'Reading a resource id',
    });
  }
  const label = `${parsed.path.map(([type, name]) => `${type}/${name}`).join('/')} in ${parsed.resourceGroup}`;
  return { ...parsed, id, name: last[1], label };
}

/** The name in the pair of this type, as `servers` in an id of a failover group. */
export function nameOf(resource: Located, type: string): string {
  const pair = resource.path.find(([given]) => given.toLowerCase() === type.toLowerCase());
  if (pair !== undefined) return pair[1];
  throw new AzureError({
    effect: 'refused',
    code: 'InvalidResourceId',
    message: `"${resource.id}" names no ${type}. Correct it in the plan.`,
    operation: 'Reading a resource id',
  });
}

/** Path and query of a request about a resource, or about `below` it. */
export function pathOf(id: string, below: string, apiVersion: string): string {
  return `${encodedPath(id)}${below}?api-version=${apiVersion}`;
}

export function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** A subscription or a resource group, by its id. */
export function locateScope(id: string): { subscription: string; resourceGroup: string | null } {
  const subscription = /^\/subscriptions\/([^/]+)\/?$/i.exec(id)?.[1];
  return subscription === undefined ? locateGroup(id) : { subscription, resourceGroup: null };
}

/** A resource group's id has no provider, so it is no resource id in the sense of `locate`. */
export function locateGroup(id: string): { subscription: string; resourceGroup: string } {
  const match = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/?$/i.exec(id);
  const [, subscription, resourceGroup] = match ?? [];
  if (subscription !== undefined && resourceGroup !== undefined)
    return { subscription, resourceGroup };
  throw new AzureError({
    effect: 'refused',
    code: 'InvalidResourceId',
    message: `"${id}" is no id of a resource group. Correct it in the plan.`,
    operation: 'Reading a resource id',
  });
}
