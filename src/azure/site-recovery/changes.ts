import type { RecoveryPlan as PlanOnWire } from '@azure/arm-recoveryservices-siterecovery';
import type { JsonObject } from '../../core/json.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { SiteRecovery } from '../access.ts';
import { AzureError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { beforeChange } from '../read.ts';
import { locate, pathOf } from '../resource.ts';
import { planId } from './address.ts';
import { readPlan, type Reads } from './reads.ts';

/** The version of the installed client. */
const API_VERSION = '2023-06-01';

export type Changes = Pick<
  SiteRecovery,
  | 'failoverItem'
  | 'failoverPlan'
  | 'commitItem'
  | 'commitPlan'
  | 'testFailoverItem'
  | 'testFailoverPlan'
  | 'cleanUpTestItem'
  | 'cleanUpTestPlan'
>;

export function createChanges(parts: Parts, reads: Pick<Reads, 'item'>): Changes {
  const post = async (
    sentence: string,
    id: string,
    action: string,
    signal: AbortSignal,
    body?: JsonObject,
  ) => {
    const path = pathOf(id, `/${action}`, API_VERSION);
    const change = { method: 'POST', path, ...(body === undefined ? {} : { body }) } as const;
    return parts.arm.change(`${sentence} ${locate(id).label}`, change, signal);
  };
  return {
    async failoverItem(itemId, options, signal) {
      const item = await beforeChange(reads.item(itemId));
      if (item === null) throw absent('Fail over', itemId);
      const body = failoverBody(
        'PrimaryToRecovery',
        options.shutDownSource,
        itemInput(item.provider, options),
      );
      return post('Fail over', itemId, 'unplannedFailover', signal, body);
    },
    async failoverPlan(vaultId, name, options, signal) {
      const id = planId(vaultId, name);
      const plan = await beforeChange(readPlan(parts, vaultId, name));
      if (plan === null) throw absent('Fail over', id);
      const details = detailsOf(plan, options.recoveryPoint);
      const body = failoverBody(directionOf(plan), options.shutDownSource, details);
      return post('Fail over', id, 'unplannedFailover', signal, body);
    },
    commitItem: (itemId, signal) => post('Commit', itemId, 'failoverCommit', signal),
    commitPlan: (vaultId, name, signal) =>
      post('Commit', planId(vaultId, name), 'failoverCommit', signal),
    async testFailoverItem(itemId, networkId, signal) {
      const item = await beforeChange(reads.item(itemId));
      if (item === null) throw absent('Test failover of', itemId);
      const body = testBody('PrimaryToRecovery', networkId, { instanceType: item.provider });
      return post('Test failover of', itemId, 'testFailover', signal, body);
    },
    async testFailoverPlan(vaultId, name, networkId, signal) {
      const id = planId(vaultId, name);
      const plan = await beforeChange(readPlan(parts, vaultId, name));
      if (plan === null) throw absent('Test failover of', id);
      const body = testBody(directionOf(plan), networkId, detailsOf(plan, 'Latest'));
      return post('Test failover of', id, 'testFailover', signal, body);
    },
    cleanUpTestItem: (itemId, signal) =>
      post('Clean up the test of', itemId, 'testFailoverCleanup', signal, CLEAN_UP),
    cleanUpTestPlan: (vaultId, name, signal) => {
      const id = planId(vaultId, name);
      return post('Clean up the test of', id, 'testFailoverCleanup', signal, CLEAN_UP);
    },
  };
}

/** `details` is one object for an item and a list, one entry a provider, for a recovery plan. */
function failoverBody(
  failoverDirection: string,
  shutDownSource: boolean,
  providerSpecificDetails: JsonObject | readonly JsonObject[],
): JsonObject {
  const sourceSiteOperations = shutDownSource ? 'Required' : 'NotRequired';
  return { properties: { failoverDirection, sourceSiteOperations, providerSpecificDetails } };
}

function detailsOf(plan: PlanOnWire, recoveryPointType: string): readonly JsonObject[] {
  return (plan.properties?.replicationProviders ?? ['A2A']).map((instanceType) => ({
    instanceType,
    recoveryPointType,
  }));
}

function testBody(
  failoverDirection: string,
  networkId: string,
  providerSpecificDetails: JsonObject | readonly JsonObject[],
): JsonObject {
  const networkType = 'VmNetworkAsInput';
  return { properties: { failoverDirection, networkType, networkId, providerSpecificDetails } };
}

const CLEAN_UP: JsonObject = { properties: { comments: 'Cleaned up by Switchover.' } };

/** Without a recovery point the service takes the latest. */
function itemInput(
  provider: string,
  options: { shutDownSource: boolean; recoveryPointId?: string },
): JsonObject {
  const { recoveryPointId } = options;
  return {
    instanceType: provider,
    ...(provider === 'InMageRcm' ? { performShutdown: String(options.shutDownSource) } : {}),
    ...(recoveryPointId === undefined ? {} : { recoveryPointId }),
  };
}

/** A plan keeps its fabrics when its items move to the other one by reprotection; its direction then turns round. */
function directionOf(plan: PlanOnWire): 'PrimaryToRecovery' | 'RecoveryToPrimary' {
  const recoveryFabric = resourceName(plan.properties?.recoveryFabricId ?? '').toLowerCase();
  const fabrics = (plan.properties?.groups ?? [])
    .flatMap((group) => group.replicationProtectedItems ?? [])
    .map((item) => /\/replicationFabrics\/([^/]+)\//i.exec(item.id ?? '')?.[1]?.toLowerCase());
  const turned =
    recoveryFabric !== '' &&
    fabrics.length > 0 &&
    fabrics.every((fabric) => fabric === recoveryFabric);
  return turned ? 'RecoveryToPrimary' : 'PrimaryToRecovery';
}

function absent(operation: string, id: string): AzureError {
  return new AzureError({
    effect: 'refused',
    code: 'NotFound',
    message: 'the vault has no such thing, so nothing was sent. Correct the name in the plan.',
    operation: `${operation} ${locate(id).label}`,
    status: 404,
  });
}
