/** A token bucket per subscription and principal, as Resource Manager keeps them since 2024. */
interface Limit {
  readonly burst: number;
  readonly perSecond: number;
}

/** https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling */
const LIMITS: Readonly<Record<'read' | 'write', Limit>> = {
  read: { burst: 250, perSecond: 25 },
  write: { burst: 200, perSecond: 10 },
};

interface Bucket {
  tokens: number;
  at: number;
}

export interface Throttle {
  /** Takes one token. `waitSeconds` is set when there was none. */
  take(
    kind: 'read' | 'write',
    subscription: string,
    actor: string,
  ): { remaining: number; waitSeconds?: number };
}

export function createThrottle(now: () => number): Throttle {
  const buckets = new Map<string, Bucket>();
  return {
    take: (kind, subscription, actor) => {
      const { burst, perSecond } = LIMITS[kind];
      const key = `${kind} ${subscription.toLowerCase()} ${actor}`;
      const bucket = buckets.get(key) ?? { tokens: burst, at: now() };
      buckets.set(key, bucket);
      bucket.tokens = Math.min(burst, bucket.tokens + ((now() - bucket.at) / 1000) * perSecond);
      bucket.at = now();
      if (bucket.tokens < 1)
        return { remaining: 0, waitSeconds: Math.ceil((1 - bucket.tokens) / perSecond) };
      bucket.tokens -= 1;
      return { remaining: Math.floor(bucket.tokens) };
    },
  };
}
