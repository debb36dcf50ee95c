import type { RecoveryPlan as PlanOnWire } from '@azure/arm-recoveryservices-siterecovery';
import type { Job, SiteRecovery } from '../access.ts';
import type { Parts } from '../parts.ts';
import { all, orNull } from '../read.ts';
import { locate, nameOf } from '../resource.ts';
import { locateItem, planId } from './address.ts';
import { itemOf, jobOf, planOf, recoveryPointOf } from './wire.ts';

export type Reads = Pick<SiteRecovery, 'items' | 'item' | 'recoveryPoints' | 'plan' | 'job'>;

type ReadParts = Pick<Parts, 'clients' | 'read'>;

export function createReads({ clients, read }: ReadParts): Reads {
  return {
    async items(vaultId) {
      const { subscription, resourceGroup, name, label } = locate(vaultId);
      return read(`Read protected items of ${label}`, async () => {
        const client = await clients.siteRecovery(subscription);
        return (await all(client.replicationProtectedItems.list(name, resourceGroup))).map(itemOf);
      });
    },
    async item(itemId) {
      const item = locateItem(itemId);
      return orNull(
        read(`Read ${item.label}`, async () => {
          const client = await clients.siteRecovery(item.subscription);
          return itemOf(await client.replicationProtectedItems.get(...item.names));
        }),
      );
    },
    async recoveryPoints(itemId) {
      const item = locateItem(itemId);
      return read(`Read recovery points of ${item.label}`, async () => {
        const client = await clients.siteRecovery(item.subscription);
        const points = await all(
          client.recoveryPoints.listByReplicationProtectedItems(...item.names),
        );
        return points.flatMap(recoveryPointOf);
      });
    },
    async plan(vaultId, name) {
      const plan = await readPlan({ clients, read }, vaultId, name);
      return plan === null ? null : planOf(plan, name);
    },
    job: (jobId) => readJob({ clients, read }, jobId),
  };
}

async function readJob({ clients, read }: ReadParts, jobId: string): Promise<Job | null> {
  const job = locate(jobId);
  return orNull(
    read(`Read ${job.label}`, async () => {
      const client = await clients.siteRecovery(job.subscription);
      const vault = nameOf(job, 'vaults');
      return jobOf(await client.replicationJobs.get(vault, job.resourceGroup, job.name));
    }),
  );
}

/** As it is on the wire: what a failover of the plan needs to know is not in our view of it. */
export async function readPlan(
  { clients, read }: ReadParts,
  vaultId: string,
  name: string,
): Promise<PlanOnWire | null> {
  const vault = locate(vaultId);
  return orNull(
    read(`Read ${locate(planId(vaultId, name)).label}`, async () => {
      const client = await clients.siteRecovery(vault.subscription);
      return client.replicationRecoveryPlans.get(vault.name, vault.resourceGroup, name);
    }),
  );
}
