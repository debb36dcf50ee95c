import { describe, expect, it } from 'vitest';
import {
  profileMonitor,
  servedEndpoint,
} from '../../../../../local/simulator/traffic-manager/profile.ts';
import type {
  Endpoint,
  EndpointMonitor,
  Profile,
} from '../../../../../local/simulator/traffic-manager/profile.ts';

function profile(...monitors: readonly EndpointMonitor[]): Profile {
  const endpoints = monitors.map((monitor, index): Endpoint => ({
    type: 'externalEndpoints',
    name: `e${index + 1}`,
    enabled: monitor !== 'Disabled',
    target: `e${index + 1}.example`,
    targetResourceId: null,
    weight: 1,
    priority: index + 1,
    location: null,
    alwaysServe: monitor === 'Unmonitored',
    monitor,
  }));
  return {
    id: '/profile',
    name: 'profile',
    enabled: true,
    relativeName: 'profile',
    ttl: 10,
    monitorConfig: {
      protocol: 'HTTP',
      port: 80,
      path: '/',
      intervalInSeconds: 10,
      timeoutInSeconds: 5,
      toleratedNumberOfFailures: 3,
      expectedStatusCodeRanges: [],
    },
    // Backwards, so that order in the list cannot pass for priority.
    endpoints: endpoints.toReversed(),
    tags: {},
  };
}

describe('a profile that routes by priority', () => {
  it.each<{ monitors: EndpointMonitor[]; served: string | null }>([
    { monitors: ['Online', 'Online'], served: 'e1' },
    { monitors: ['Degraded', 'Online'], served: 'e2' },
    { monitors: ['CheckingEndpoint', 'Online'], served: 'e1' },
    { monitors: ['Degraded', 'CheckingEndpoint'], served: 'e2' },
    { monitors: ['Degraded', 'Degraded'], served: 'e1' },
    { monitors: ['Degraded', 'Disabled'], served: 'e1' },
    { monitors: ['Disabled', 'Degraded'], served: 'e2' },
    { monitors: ['Degraded', 'Unmonitored'], served: 'e2' },
    { monitors: ['Disabled', 'Disabled'], served: null },
    { monitors: [], served: null },
  ])('serves $served when its endpoints are $monitors', ({ monitors, served }) => {
    expect(servedEndpoint(profile(...monitors))?.name ?? null).toBe(served);
  });

  it.each<{ monitors: EndpointMonitor[]; status: string }>([
    { monitors: ['Online', 'Disabled'], status: 'Online' },
    { monitors: ['Online', 'Degraded'], status: 'Degraded' },
    { monitors: ['CheckingEndpoint', 'Degraded'], status: 'Degraded' },
    { monitors: ['CheckingEndpoint', 'Online'], status: 'Online' },
    { monitors: ['CheckingEndpoint', 'Disabled'], status: 'CheckingEndpoints' },
    { monitors: ['Disabled', 'Disabled'], status: 'Inactive' },
    { monitors: [], status: 'Inactive' },
  ])('is $status when its endpoints are $monitors', ({ monitors, status }) => {
    expect(profileMonitor(profile(...monitors))).toBe(status);
  });

  it('is Disabled when somebody disabled it', () => {
    expect(profileMonitor({ ...profile('Online'), enabled: false })).toBe('Disabled');
  });
});
