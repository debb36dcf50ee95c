export type EndpointType = 'azureEndpoints' | 'externalEndpoints';

export type EndpointMonitor =
  'CheckingEndpoint' | 'Online' | 'Degraded' | 'Disabled' | 'Inactive' | 'Unmonitored';

export interface Endpoint {
  readonly type: EndpointType;
  readonly name: string;
  readonly enabled: boolean;
  readonly target: string;
  readonly targetResourceId: string | null;
  readonly weight: number;
  readonly priority: number;
  readonly location: string | null;
  readonly alwaysServe: boolean;
  readonly monitor: EndpointMonitor;
}

export interface MonitorConfig {
  readonly protocol: 'HTTP' | 'HTTPS' | 'TCP';
  readonly port: number;
  readonly path: string | null;
  readonly intervalInSeconds: number;
  readonly timeoutInSeconds: number;
  readonly toleratedNumberOfFailures: number;
  readonly expectedStatusCodeRanges: readonly { readonly min: number; readonly max: number }[];
}

/** A profile that routes by priority, the one method that is simulated. */
export interface Profile {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly relativeName: string;
  readonly ttl: number;
  readonly monitorConfig: MonitorConfig;
  readonly endpoints: readonly Endpoint[];
  readonly tags: Readonly<Record<string, string>>;
}

export type ProfileMonitor = 'CheckingEndpoints' | 'Online' | 'Degraded' | 'Disabled' | 'Inactive';

export function fullName({ relativeName }: Pick<Profile, 'relativeName'>): string {
  return `${relativeName.toLowerCase()}.trafficmanager.net`;
}

/**
 * The endpoint that a query is answered with; null when none is enabled. One that is still being checked is served.
 * When all are degraded they count as if all were healthy.
 */
export function servedEndpoint({ endpoints }: Profile): Endpoint | null {
  const enabled = endpoints.filter(({ enabled: on }) => on);
  const healthy = enabled.filter(({ monitor }) => monitor !== 'Degraded');
  const candidates = healthy.length > 0 ? healthy : enabled;
  return candidates.toSorted((left, right) => left.priority - right.priority)[0] ?? null;
}

/** What an endpoint's status is before its first probe. */
export function initialMonitor(
  profileEnabled: boolean,
  endpoint: Pick<Endpoint, 'enabled' | 'alwaysServe'>,
): EndpointMonitor {
  if (!endpoint.enabled) return 'Disabled';
  if (!profileEnabled) return 'Inactive';
  return endpoint.alwaysServe ? 'Unmonitored' : 'CheckingEndpoint';
}

export function profileMonitor({ enabled, endpoints }: Profile): ProfileMonitor {
  if (!enabled) return 'Disabled';
  const active = new Set(endpoints.filter(({ enabled: on }) => on).map(({ monitor }) => monitor));
  if (active.size === 0) return 'Inactive';
  if (active.has('Degraded')) return 'Degraded';
  if (active.has('Online') || active.has('Unmonitored')) return 'Online';
  return 'CheckingEndpoints';
}
