import type { JsonObject } from '../../../src/core/json.ts';
import { fullName, profileMonitor } from './profile.ts';
import type { Endpoint, Profile } from './profile.ts';

const TYPE = 'Microsoft.Network/trafficManagerProfiles';

/** LIST leaves the profile's monitor status out. */
export function profileJson(profile: Profile, from: 'get' | 'list' = 'get'): JsonObject {
  const { path, expectedStatusCodeRanges, ...monitor } = profile.monitorConfig;
  return {
    id: profile.id,
    name: profile.name,
    type: TYPE,
    location: 'global',
    tags: profile.tags,
    properties: {
      profileStatus: profile.enabled ? 'Enabled' : 'Disabled',
      trafficRoutingMethod: 'Priority',
      dnsConfig: { relativeName: profile.relativeName, fqdn: fullName(profile), ttl: profile.ttl },
      monitorConfig: {
        profileMonitorStatus: from === 'get' ? profileMonitor(profile) : null,
        ...monitor,
        path,
        ...(expectedStatusCodeRanges.length > 0 && { expectedStatusCodeRanges }),
      },
      endpoints: profile.endpoints.map((endpoint) => endpointJson(profile, endpoint)),
      trafficViewEnrollmentStatus: 'Disabled',
    },
  };
}

export function endpointJson(profile: Profile, endpoint: Endpoint): JsonObject {
  return {
    id: `${profile.id}/${endpoint.type}/${endpoint.name}`,
    name: endpoint.name,
    type: `${TYPE}/${endpoint.type}`,
    properties: {
      endpointStatus: endpoint.enabled ? 'Enabled' : 'Disabled',
      endpointMonitorStatus: endpoint.monitor,
      ...(endpoint.targetResourceId !== null && { targetResourceId: endpoint.targetResourceId }),
      target: endpoint.target,
      weight: endpoint.weight,
      priority: endpoint.priority,
      endpointLocation: endpoint.location,
      alwaysServe: endpoint.alwaysServe ? 'Enabled' : 'Disabled',
    },
  };
}
