import { canonicalId, sameResource } from '../../../src/core/resource-id.ts';
import type { Component } from '../monitoring/seed.ts';
import type { World } from '../service.ts';
import type { FailoverGroups } from '../sql/failover-groups.ts';
import type { TrafficManager } from '../traffic-manager/service.ts';
import { createSamples, everyQuarterMinute, type Samples, type Series } from './samples.ts';

/** A metric that exists, as Azure documents it. */
export interface MetricDefinition {
  /** The type of its resources. */
  readonly namespace: string;
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly unit: 'Seconds' | 'Count' | 'Percent';
  readonly dimensions: readonly string[];
  /** The region of a resource that exists, `global` for one that is nowhere; null when there is no such resource. */
  readonly regionOf: (resourceId: string) => string | null;
  readonly series: (resourceId: string) => readonly Series[];
}

/** Azure SQL's "Replication lag", emitted every minute for the primary of a geo-replicated database. */
export const LAG_METRIC = 'replication_lag_seconds';
export const ENDPOINT_METRIC = 'ProbeAgentCurrentEndpointStateByProfileResourceId';
export const AVAILABILITY_METRIC = 'availabilityResults/availabilityPercentage';

export function lagMetric(world: World, sql: FailoverGroups): MetricDefinition {
  const samples = createSamples(world, 0);
  const databases = sql
    .servers()
    .flatMap(({ id }) => sql.viewsOf(id).flatMap((view) => view.databases));
  everyQuarterMinute(world, () => {
    for (const id of databases) {
      const lag = sql.lagSeconds(id);
      if (lag !== null) samples.record(id, {}, lag);
    }
  });
  return {
    namespace: 'Microsoft.Sql/servers/databases',
    name: LAG_METRIC,
    label: 'Replication lag',
    description: 'Seconds between a commit on the primary and its hardening on the secondary.',
    unit: 'Seconds',
    dimensions: [],
    regionOf: (id) => sql.server(canonicalId(id).replace(/\/databases\/.*$/, ''))?.location ?? null,
    series: (id) => samples.of(id),
  };
}

/** Documented as 1 while an endpoint is up and 0 otherwise; that a disabled endpoint shows 0, too, is a guess. */
export function endpointMetric(
  world: World,
  traffic: TrafficManager,
  profiles: readonly string[],
): MetricDefinition {
  const samples = createSamples(world, 60);
  everyQuarterMinute(world, () => {
    for (const id of profiles) {
      for (const { name, monitor } of traffic.profile(id)?.endpoints ?? []) {
        samples.record(id, { EndpointName: name }, monitor === 'Online' ? 1 : 0);
      }
    }
  });
  return {
    namespace: 'Microsoft.Network/trafficManagerProfiles',
    name: ENDPOINT_METRIC,
    label: 'Endpoint Status by Endpoint',
    description: '1 if an endpoint\'s probe status is "Enabled", 0 otherwise.',
    unit: 'Count',
    dimensions: ['EndpointName'],
    regionOf: (id) => (traffic.profile(id) === null ? null : 'global'),
    series: (id) => samples.of(id),
  };
}

/** Filled by web tests: 100 for each run that went well and 0 for each that did not; the average is the percentage. */
export function availabilityMetric(
  samples: Samples,
  components: readonly Component[],
): MetricDefinition {
  return {
    namespace: 'microsoft.insights/components',
    name: AVAILABILITY_METRIC,
    label: 'Availability',
    description: 'Percentage of successfully completed availability tests',
    unit: 'Percent',
    dimensions: ['availabilityResult/name', 'availabilityResult/location'],
    regionOf: (id) => components.find((each) => sameResource(each.id, id))?.region ?? null,
    series: (id) => samples.of(id),
  };
}
