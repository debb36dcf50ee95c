import type { Endpoint, Profile } from '@azure/arm-trafficmanager';
import type { JsonObject } from '../core/json.ts';
import type { TrafficEndpoint, TrafficManager, TrafficProfile } from './access.ts';
import { isObject } from './body.ts';
import type { Parts } from './parts.ts';
import { all, orNull, unexpectedAnswer } from './read.ts';
import { locate, locateScope, pathOf } from './resource.ts';

const API_VERSION = '2022-04-01';
const TYPES = ['AzureEndpoints', 'ExternalEndpoints', 'NestedEndpoints'] as const;

export function createTrafficManager({ arm, clients, read }: Parts): TrafficManager {
  return {
    async profile(profileId) {
      const { subscription, resourceGroup, name, label } = locate(profileId);
      return orNull(
        read(`Read ${label}`, async () => {
          const client = await clients.traffic(subscription);
          return profileOf(await client.profiles.get(resourceGroup, name), profileId);
        }),
      );
    },
    async profiles(scope) {
      const { subscription, resourceGroup } = locateScope(scope);
      return read(`Read Traffic Manager profiles of ${resourceGroup ?? subscription}`, async () => {
        const { profiles } = await clients.traffic(subscription);
        const found = await all(
          resourceGroup === null
            ? profiles.listBySubscription()
            : profiles.listByResourceGroup(resourceGroup),
        );
        return found.map((profile) => profileOf(profile, profile.id ?? ''));
      });
    },
    // Through no model: an endpoint is written back with every property that it has, known here or not.
    async setEndpoint(profileId, endpoint, enabled, signal) {
      const { id, label } = locate(`${profileId}/${typeOf(endpoint.type)}/${endpoint.name}`);
      const operation = `${enabled ? 'Enable' : 'Disable'} ${label}`;
      const path = pathOf(id, '', API_VERSION);
      const { body } = await arm.readForChange(operation, path);
      return arm.change(
        operation,
        { method: 'PUT', path, body: withStatus(body, enabled) },
        signal,
      );
    },
  };
}

function withStatus(endpoint: JsonObject, enabled: boolean): JsonObject {
  const properties = isObject(endpoint['properties']) ? endpoint['properties'] : {};
  const endpointStatus = enabled ? 'Enabled' : 'Disabled';
  return { ...endpoint, properties: { ...properties, endpointStatus } };
}

function profileOf(profile: Profile, profileId: string): TrafficProfile {
  const { dnsConfig, monitorConfig, endpoints } = profile;
  // A profile without endpoints has an empty list. Without any list it is no profile, and must not pass for one.
  if (endpoints === undefined) {
    throw unexpectedAnswer(`Read ${locate(profileId).label}`, 'a profile without its endpoints');
  }
  return {
    id: profile.id ?? profileId,
    name: profile.name ?? locate(profileId).name,
    enabled: profile.profileStatus === 'Enabled',
    monitor: monitorConfig?.profileMonitorStatus ?? '',
    fqdn: dnsConfig?.fqdn ?? '',
    ttlSeconds: dnsConfig?.ttl ?? 0,
    routing: profile.trafficRoutingMethod ?? '',
    probe: {
      protocol: monitorConfig?.protocol ?? '',
      port: monitorConfig?.port ?? 0,
      path: monitorConfig?.path ?? '',
      intervalSeconds: monitorConfig?.intervalInSeconds ?? 30,
      toleratedFailures: monitorConfig?.toleratedNumberOfFailures ?? 3,
      timeoutSeconds: monitorConfig?.timeoutInSeconds ?? 10,
    },
    endpoints: endpoints.map(endpointOf),
  };
}

function endpointOf(endpoint: Endpoint): TrafficEndpoint {
  return {
    type: typeOf(endpoint.type ?? ''),
    name: endpoint.name ?? '',
    // What is not said to be disabled may be served: the careful reading.
    enabled: endpoint.endpointStatus !== 'Disabled',
    monitor: endpoint.endpointMonitorStatus ?? '',
    target: endpoint.target ?? '',
    targetResourceId: endpoint.targetResourceId ?? null,
    priority: endpoint.priority ?? null,
  };
}

/** `Microsoft.Network/trafficManagerProfiles/externalEndpoints` and `externalEndpoints` alike, in one spelling. */
function typeOf(text: string): string {
  const last = text.split('/').at(-1)?.toLowerCase() ?? '';
  return TYPES.find((type) => type.toLowerCase() === last) ?? last;
}
