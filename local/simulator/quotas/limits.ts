/** What a subscription may have in a region, by the usage's name; what is not named has Azure's usual limit. */
export interface QuotaSeed {
  readonly region: string;
  readonly name: string;
  readonly limit: number;
}

export interface Limits {
  set(quota: QuotaSeed): void;
  of(region: string, name: string, usual: number): number;
}

export function createLimits(seeds: readonly QuotaSeed[] = []): Limits {
  const key = (region: string, name: string): string => `${region}/${name}`.toLowerCase();
  const limits = new Map(seeds.map(({ region, name, limit }) => [key(region, name), limit]));
  return {
    set: ({ region, name, limit }) => void limits.set(key(region, name), limit),
    of: (region, name, usual) => limits.get(key(region, name)) ?? usual,
  };
}
