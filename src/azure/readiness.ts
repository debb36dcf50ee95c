/** What may stand in the way of a change before it is made: rights, locks, quotas. */

/** What one role assignment gives. Actions may hold `*`. */
export interface Grant {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

export interface Rights {
  /**
   * What this app may do at a scope (a subscription, a resource group or a resource, by its id), inherited grants
   * included. `permits` in `rights.ts` reads it. Whether deny assignments are taken off is not documented.
   */
  at(scope: string): Promise<readonly Grant[]>;
}

/** ReadOnly refuses every change, POST actions such as a failover or a start of a machine included. */
export interface ManagementLock {
  readonly name: string;
  readonly level: 'CanNotDelete' | 'ReadOnly';
  /** Where it was set: it holds there and below. */
  readonly scope: string;
  readonly notes: string;
}

export interface ManagementLocks {
  /**
   * The locks that are set at a scope (a subscription, a resource group or a resource, by its id) and below it. Of a
   * subscription these are all; whether asking a resource also tells what is inherited is not documented.
   */
  at(scope: string): Promise<readonly ManagementLock[]>;
}

export interface Usage {
  /** `standardDSv3Family`, `cores`, `StandardSkuPublicIpAddresses`. */
  readonly name: string;
  /** For people: `Standard DSv3 Family vCPUs`. */
  readonly label: string;
  readonly used: number;
  readonly limit: number;
}

export interface MachineSize {
  /** `Standard_D2s_v3`. */
  readonly name: string;
  /** The usage that machines of this size count against, besides `cores`. */
  readonly family: string;
  readonly cores: number;
  /** Why this subscription cannot have it in the region; empty when it can. */
  readonly restrictions: readonly string[];
}

export interface Quotas {
  /** vCPUs by family, and in all (`cores`), of a subscription (its GUID) in a region. */
  compute(subscription: string, region: string): Promise<readonly Usage[]>;
  /** Public addresses among others. */
  network(subscription: string, region: string): Promise<readonly Usage[]>;
  /** Every size that the region has. A large answer: ask once for many machines. */
  sizes(subscription: string, region: string): Promise<readonly MachineSize[]>;
}
