import type { CafeReport } from './cafe/clients.ts';
import type { Denial } from './permissions.ts';
import type { Fault, OutageSize } from './service.ts';

/** What the simulator shows of itself beyond Azure's own APIs. */
export interface SimulatorState {
  readonly outages: Readonly<Record<string, OutageSize>>;
  readonly faults: readonly Fault[];
  readonly denials: readonly Denial[];
  readonly machines: readonly {
    readonly id: string;
    readonly power: string;
    readonly answers: boolean;
  }[];
  readonly failoverGroups: readonly {
    readonly name: string;
    readonly server: string;
    readonly role: string;
    readonly replicationState: string;
  }[];
  readonly cafe: CafeReport;
}

/** The hands of a test or of a person at the demo: what Azure itself offers nobody. */
export interface Control {
  /** A region's outage, or its end with `none`. */
  outage(region: string, size: OutageSize): void;
  /** The same later, by the world's clock. */
  outageAfter(seconds: number, region: string, size: OutageSize): void;
  fault(fault: Fault): void;
  clearFaults(): void;
  deny(denial: Denial): void;
  grantAll(): void;
  cafe(): CafeReport;
  state(): SimulatorState;
}
