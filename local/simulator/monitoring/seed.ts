/** An Application Insights resource. */
export interface Component {
  readonly id: string;
  readonly region: string;
}

/** A Log Analytics workspace. */
export interface Workspace {
  readonly id: string;
  /** The GUID by which its logs are asked. */
  readonly customerId: string;
  readonly region: string;
}

/** A standard availability test: one GET by each location, every so often. */
export interface WebTest {
  readonly name: string;
  readonly componentId: string;
  readonly url: string;
  readonly everySeconds: number;
  readonly locations: readonly string[];
}

/** What watches the application from inside Azure. It lives where neither site is. */
export interface MonitoringSeed {
  readonly components: readonly Component[];
  readonly workspaces: readonly Workspace[];
  readonly webTests: readonly WebTest[];
}

export const NO_MONITORING: MonitoringSeed = { components: [], workspaces: [], webTests: [] };
