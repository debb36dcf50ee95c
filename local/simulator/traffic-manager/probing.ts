import type { World } from '../service.ts';
import type { Endpoint, MonitorConfig } from './profile.ts';

/** Where a probe goes. */
export interface ProbeTarget {
  readonly protocol: MonitorConfig['protocol'];
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** The status that the target answers with (TCP: any number when it connects); null when it does not answer. */
export type Probe = (target: ProbeTarget) => number | null;

export interface Watch {
  stop(): void;
}

/**
 * Probes one endpoint every interval. An answer counts at once, silence when the time-out has passed; one failure more
 * than tolerated makes it Degraded, one success brings it back.
 */
export function watchEndpoint(
  world: World,
  probe: Probe,
  config: MonitorConfig,
  endpoint: Endpoint,
  report: (monitor: 'Online' | 'Degraded') => void,
): Watch {
  let watching = true;
  let failures = 0;
  const judge = (healthy: boolean): void => {
    if (!watching) return;
    failures = healthy ? 0 : failures + 1;
    if (healthy) report('Online');
    else if (failures > config.toleratedNumberOfFailures) report('Degraded');
  };
  const look = (): void => {
    if (!watching) return;
    world.after(config.intervalInSeconds, look);
    const status = probe(targetOf(config, endpoint));
    if (status !== null) judge(expected(config, status));
    else world.after(config.timeoutInSeconds, () => judge(false));
  };
  world.after(world.between(0, config.intervalInSeconds), look);
  return {
    stop: () => {
      watching = false;
    },
  };
}

/** What an endpoint that has been watched for long would show. */
export function settledMonitor(
  probe: Probe,
  config: MonitorConfig,
  endpoint: Endpoint,
): 'Online' | 'Degraded' {
  const status = probe(targetOf(config, endpoint));
  return status !== null && expected(config, status) ? 'Online' : 'Degraded';
}

function targetOf({ protocol, port, path }: MonitorConfig, { target }: Endpoint): ProbeTarget {
  return { protocol, host: target, port, path: path ?? '/' };
}

function expected(
  { protocol, expectedStatusCodeRanges: ranges }: MonitorConfig,
  status: number,
): boolean {
  if (protocol === 'TCP') return true;
  return ranges.length === 0
    ? status === 200
    : ranges.some(({ min, max }) => status >= min && status <= max);
}
