import { SiteRecoveryManagementClient } from '@azure/arm-recoveryservices-siterecovery';
import type {
  A2AReplicationDetails,
  Job,
  RecoveryPlan,
  ReplicationProtectedItem,
} from '@azure/arm-recoveryservices-siterecovery';
import type { ProtectionState } from '../../../../../local/simulator/site-recovery/service.ts';
import type { Bench, Sent } from '../bench.ts';
import { ROOT, SUBSCRIPTION } from '../bench.ts';

export const GROUP = 'cafe-recovery';
export const VAULT = 'cafe-vault';
export const V = `${ROOT}/${GROUP}/providers/Microsoft.RecoveryServices/vaults/${VAULT}`;
export const EAST_CONTAINER = `${V}/replicationFabrics/asr-eastus/replicationProtectionContainers/asr-east-container`;
export const WEST_CONTAINER = `${V}/replicationFabrics/asr-westus/replicationProtectionContainers/asr-west-container`;
export const PLAN = `${V}/replicationRecoveryPlans/recovery-plan-cafe`;
export const EAST_GROUP = `${ROOT}/was-cluster-eastus`;
export const WEST_GROUP = `${ROOT}/was-cluster-westus`;

export type SourceSite = 'Required' | 'NotRequired';

export function vaultClient({ credential, client }: Bench): SiteRecoveryManagementClient {
  return new SiteRecoveryManagementClient(credential, SUBSCRIPTION, client);
}

export function itemPath(machine: string, container = EAST_CONTAINER): string {
  return `${container}/replicationProtectedItems/${machine}-item`;
}

export function machinePath(group: string, machine: string): string {
  return `${group}/providers/Microsoft.Compute/virtualMachines/${machine}`;
}

export async function getItem(
  bench: Bench,
  machine: string,
): Promise<NonNullable<ReplicationProtectedItem['properties']>> {
  const items = vaultClient(bench).replicationProtectedItems;
  const found = await items.get(
    VAULT,
    GROUP,
    'asr-eastus',
    'asr-east-container',
    `${machine}-item`,
  );
  return found.properties ?? {};
}

/** The SDK's union does not narrow by its discriminator. */
export async function getA2A(bench: Bench, machine: string): Promise<A2AReplicationDetails> {
  const { providerSpecificDetails: details } = await getItem(bench, machine);
  if (details?.instanceType !== 'A2A') throw new Error(`${machine} is not replicated by A2A.`);
  return details as A2AReplicationDetails;
}

export async function getPlan(bench: Bench): Promise<NonNullable<RecoveryPlan['properties']>> {
  const plans = vaultClient(bench).replicationRecoveryPlans;
  const found = await plans.get(VAULT, GROUP, 'recovery-plan-cafe');
  return found.properties ?? {};
}

export async function getJob(bench: Bench, id: string): Promise<NonNullable<Job['properties']>> {
  const found = await vaultClient(bench).replicationJobs.get(VAULT, GROUP, id);
  return found.properties ?? {};
}

/** What an operator of the simulator sees, past the wire. */
export function protection({ simulator }: Bench, machine: string): ProtectionState {
  const found = simulator.siteRecovery.protection(V).find((each) => each.machine === machine);
  if (found === undefined) throw new Error(`${machine} is not protected.`);
  return found;
}

export function power({ simulator }: Bench, group: string, machine: string): string | null {
  simulator.world.catchUp();
  return simulator.machines.get(machinePath(group, machine))?.power ?? null;
}

export async function post(bench: Bench, path: string, body?: unknown): Promise<Sent> {
  return bench.send('POST', path, body === undefined ? {} : { body });
}

export function failoverItemBody(
  sourceSiteOperations: SourceSite,
  recoveryPointId?: string,
): unknown {
  const providerSpecificDetails = { instanceType: 'A2A', recoveryPointId };
  return {
    properties: {
      failoverDirection: 'PrimaryToRecovery',
      sourceSiteOperations,
      providerSpecificDetails,
    },
  };
}

export function failoverPlanBody(
  sourceSiteOperations: SourceSite,
  recoveryPointType = 'Latest',
): unknown {
  const providerSpecificDetails = [{ instanceType: 'A2A', recoveryPointType }];
  return {
    properties: {
      failoverDirection: 'PrimaryToRecovery',
      sourceSiteOperations,
      providerSpecificDetails,
    },
  };
}

export function jobNameOf({ headers }: Sent): string {
  return (headers.get('x-ms-request-id') ?? '').split('/').at(-1) ?? '';
}

/** Polls as an impatient client would; how many virtual seconds it took, to a second. */
export async function untilDone(bench: Bench, accepted: Sent): Promise<number> {
  const began = bench.clock.now();
  for (let polls = 0; polls < 10_000; polls += 1) {
    const { body } = await bench.send('GET', accepted.headers.get('azure-asyncoperation') ?? '');
    if (!JSON.stringify(body).includes('"status":"InProgress"')) break;
    await bench.wait(1);
  }
  return (bench.clock.now() - began) / 1000;
}

export async function failOver(
  bench: Bench,
  machine: string,
  source: SourceSite = 'Required',
): Promise<Sent> {
  const sent = await post(
    bench,
    `${itemPath(machine)}/unplannedFailover`,
    failoverItemBody(source),
  );
  await untilDone(bench, sent);
  return sent;
}

export async function commit(bench: Bench, machine: string): Promise<Sent> {
  const sent = await post(bench, `${itemPath(machine)}/failoverCommit`);
  await untilDone(bench, sent);
  return sent;
}
