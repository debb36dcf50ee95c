import type { Json } from '../../../src/core/json.ts';
import { resourceName } from '../../../src/core/resource-id.ts';
import type { GroupView, SqlServer } from './failover-groups.ts';

/** Azure writes regions with spaces in SQL's bodies. */
const DISPLAY: Readonly<Record<string, string>> = { eastus: 'East US', westus: 'West US' };

function display(region: string): string {
  return DISPLAY[region] ?? region;
}

export function serverBody({ id, name, location }: SqlServer): Json {
  return {
    id,
    name,
    type: 'Microsoft.Sql/servers',
    location,
    kind: 'v12.0',
    properties: {
      administratorLogin: 'cafeadmin',
      version: '12.0',
      state: 'Ready',
      fullyQualifiedDomainName: `${name}.database.windows.net`,
      publicNetworkAccess: 'Enabled',
      restrictOutboundNetworkAccess: 'Disabled',
    },
  };
}

export function databaseBody(id: string, view: GroupView): Json {
  return {
    id,
    name: resourceName(id),
    type: 'Microsoft.Sql/servers/databases',
    location: view.server.location,
    kind: 'v12.0,user,vcore',
    sku: { name: 'GP_Gen5', tier: 'GeneralPurpose', family: 'Gen5', capacity: 2 },
    properties: {
      status: 'Online',
      failoverGroupId: groupId(view),
      defaultSecondaryLocation: view.partner.location,
      secondaryType: view.role === 'Secondary' ? 'Geo' : null,
    },
  };
}

/** A group has its own id, role, partners and databases on each of its servers (seen in recordings). */
export function groupBody(view: GroupView): Json {
  return {
    location: display(view.server.location),
    properties: {
      readWriteEndpoint:
        view.policy === 'Manual'
          ? { failoverPolicy: 'Manual' }
          : { failoverPolicy: 'Automatic', failoverWithDataLossGracePeriodMinutes: 60 },
      readOnlyEndpoint: { failoverPolicy: 'Disabled' },
      replicationRole: view.role,
      replicationState: view.replicationState,
      partnerServers: [
        {
          id: view.partner.id,
          location: display(view.partner.location),
          replicationRole: view.partnerRole,
        },
      ],
      databases: [...view.databases],
    },
    id: groupId(view),
    name: view.name,
    type: 'Microsoft.Sql/servers/failoverGroups',
  };
}

export function linkBody(databaseId: string, view: GroupView): Json {
  return {
    id: `${databaseId}/replicationLinks/${view.name}`,
    name: view.name,
    type: 'Microsoft.Sql/servers/databases/replicationLinks',
    properties: {
      partnerServer: view.partner.name,
      partnerDatabase: resourceName(databaseId),
      partnerLocation: display(view.partner.location),
      role: view.role,
      partnerRole: view.partnerRole,
      replicationMode: 'ASYNC',
      replicationState: view.replicationState,
      percentComplete: 100,
      isTerminationAllowed: false,
      linkType: 'GEO',
    },
  };
}

function groupId({ server, name }: GroupView): string {
  return `${server.id}/failoverGroups/${name}`;
}
