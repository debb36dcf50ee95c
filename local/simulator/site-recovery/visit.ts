import type { JsonObject } from '../../../src/core/json.ts';
import { canonicalId, sameResource } from '../../../src/core/resource-id.ts';
import { Refusal, resourceNotFound } from '../errors.ts';
import type { WireRequest, WireResponse } from '../service.ts';
import type { Site } from './actions.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import type { Fabric, RecoveryPlan, Vault } from './vault.ts';

export const VAULT =
  '/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.RecoveryServices/vaults/{vault}';
export const FABRIC = `${VAULT}/replicationFabrics/{fabric}`;
export const CONTAINER = `${FABRIC}/replicationProtectionContainers/{container}`;
export const ITEM = `${CONTAINER}/replicationProtectedItems/{item}`;
export const PLAN = `${VAULT}/replicationRecoveryPlans/{plan}`;
export const JOB = `${VAULT}/replicationJobs/{job}`;

export interface RouteParts {
  readonly site: Site;
  readonly vaults: readonly Vault[];
  /** Items of a vault that one answer lists. */
  readonly pageSize: number;
}

/** A request to a vault that exists. */
export interface Visit {
  readonly parts: RouteParts;
  readonly vault: Vault;
  readonly request: WireRequest;
}

export type Handler = (visit: Visit) => WireResponse;

export function findVault({ vaults }: RouteParts, { params }: WireRequest): Vault | undefined {
  const id = VAULT.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  return vaults.find((vault) => sameResource(vault.id, id));
}

export function needFabric({ fabrics, id }: Vault, request: WireRequest): Fabric {
  const { fabric: name = '' } = request.params;
  const found = fabrics.find((fabric) =>
    sameResource(fabric.id, `${id}/replicationFabrics/${name}`),
  );
  if (found !== undefined) return found;
  throw notFound(request, `replicationFabrics/${name}`);
}

export function needContainer(vault: Vault, request: WireRequest): Fabric {
  const fabric = needFabric(vault, request);
  const { container: name = '' } = request.params;
  if (sameResource(fabric.containerId, `${fabric.id}/replicationProtectionContainers/${name}`))
    return fabric;
  throw notFound(request, `replicationProtectionContainers/${name}`);
}

export function needItem(vault: Vault, request: WireRequest): ProtectedItem {
  const { containerId } = needContainer(vault, request);
  const { item: name = '' } = request.params;
  const found = vault.items.get(canonicalId(itemId({ containerId, name })));
  if (found !== undefined) return found;
  throw notFound(request, `replicationProtectedItems/${name}`);
}

export function needPlan(vault: Vault, request: WireRequest): RecoveryPlan {
  const { plan: name = '' } = request.params;
  const found = vault.plans.get(name.toLowerCase());
  if (found !== undefined) return found;
  throw notFound(request, `replicationRecoveryPlans/${name}`);
}

export function notFound({ params }: WireRequest, what: string): Refusal {
  const vault = `Microsoft.RecoveryServices/vaults/${params['vault'] ?? ''}`;
  return new Refusal(resourceNotFound(`${vault}/${what}`, params['group'] ?? ''));
}

export function one(body: JsonObject): WireResponse {
  return { status: 200, body };
}

export function list(value: readonly JsonObject[]): WireResponse {
  return { status: 200, body: { value, nextLink: null } };
}
