import type { FailoverGroup, ReplicationLink as LinkOnWire } from '@azure/arm-sql';
import type { FailoverGroups, FailoverGroupView, ReplicationLink } from './access.ts';
import { AzureError } from './errors.ts';
import type { Parts } from './parts.ts';
import { all, orNull } from './read.ts';
import { locate, nameOf, pathOf } from './resource.ts';

/** The version of the installed client; its recordings exist. */
const API_VERSION = '2020-11-01-preview';

export function createFailoverGroups({ arm, clients, read }: Parts): FailoverGroups {
  const change = async (
    verb: string,
    action: string,
    serverId: string,
    group: string,
    signal: AbortSignal,
  ) => {
    const { id, label } = locate(`${serverId}/failoverGroups/${group}`);
    return arm.change(
      `${verb} ${label}`,
      { method: 'POST', path: pathOf(id, `/${action}`, API_VERSION) },
      signal,
    );
  };
  return {
    async get(serverId, group) {
      const { subscription, resourceGroup, name: server, label } = locate(serverId);
      const operation = `Read failoverGroups/${group} at ${label}`;
      return orNull(
        read(operation, async () => {
          const client = await clients.sql(subscription);
          return viewOf(
            await client.failoverGroups.get(resourceGroup, server, group),
            serverId,
            operation,
          );
        }),
      );
    },
    failover: (serverId, group, signal) =>
      change('Fail over to', 'failover', serverId, group, signal),
    forceFailover: (serverId, group, signal) =>
      change('Force failover to', 'forceFailoverAllowDataLoss', serverId, group, signal),
    links: (databaseId) => readLinks(clients, read, databaseId),
  };
}

async function readLinks(
  clients: Parts['clients'],
  read: Parts['read'],
  databaseId: string,
): Promise<readonly ReplicationLink[]> {
  const database = locate(databaseId);
  return read(`Read replication links of ${database.label}`, async () => {
    const client = await clients.sql(database.subscription);
    const server = nameOf(database, 'servers');
    const links = await all(
      client.replicationLinks.listByDatabase(database.resourceGroup, server, database.name),
    );
    return links.map(linkOf);
  });
}

function viewOf(group: FailoverGroup, serverId: string, operation: string): FailoverGroupView {
  const role = roleOf(group.replicationRole);
  if (role === null) {
    const message = `answered with the role "${group.replicationRole ?? ''}", which is none that is known`;
    throw new AzureError({ effect: 'lost', code: 'UnexpectedAnswer', message, operation });
  }
  const endpoint = group.readWriteEndpoint;
  return {
    id: group.id ?? `${serverId}/failoverGroups/${group.name ?? ''}`,
    server: serverId,
    location: group.location ?? '',
    role,
    replicationState: group.replicationState ?? '',
    policy: endpoint?.failoverPolicy.toLowerCase() === 'automatic' ? 'Automatic' : 'Manual',
    graceMinutes: endpoint?.failoverWithDataLossGracePeriodMinutes ?? null,
    partners: (group.partnerServers ?? []).map((partner) => ({
      // What is no text is tripped over here, inside the read, and not where it is used.
      id: partner.id.trim(),
      location: partner.location ?? '',
      role: partner.replicationRole ?? '',
    })),
    databases: group.databases ?? [],
  };
}

function roleOf(text: string | undefined): FailoverGroupView['role'] | null {
  return (
    (['Primary', 'Secondary'] as const).find(
      (role) => role.toLowerCase() === text?.toLowerCase(),
    ) ?? null
  );
}

function linkOf(link: LinkOnWire): ReplicationLink {
  return {
    partnerServer: link.partnerServer ?? '',
    role: link.role ?? '',
    partnerRole: link.partnerRole ?? '',
    state: link.replicationState ?? '',
  };
}
