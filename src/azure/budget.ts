import type { PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import { errorIn, parseBody } from './body.ts';
import { retryAfterSeconds } from './retry-after.ts';

/**
 * What this process may still ask of each subscription, as the servers' headers tell. When little is left, reads are
 * spaced out so that what remains is there for changes, which never wait here.
 */
export interface Budget {
  /** Resolves when a read may go. */
  turn(request: PipelineRequest, signal?: AbortSignal): Promise<void>;
  learn(request: PipelineRequest, response: PipelineResponse): void;
}

/** Headers that count for the whole subscription. Compute's per-resource counts are small by design and left out. */
const COUNTERS = [
  'x-ms-ratelimit-remaining-subscription-reads',
  'x-ms-ratelimit-remaining-subscription-global-reads',
  'x-ms-ratelimit-remaining-subscription-resource-requests',
  'x-ms-ratelimit-remaining-tenant-reads',
] as const;

/**
 * Below this many remaining reads, each read waits longer, up to `SLOWEST_MS` apart: hardly faster than the slowest
 * refill that is documented (12,000 reads an hour; since 2024 it is 25 a second), so that not all are kept waiting for
 * what has long come back.
 */
const FEW = 50;
const SLOWEST_MS = 250;
/** The buckets refill all the time: an old count says nothing. */
const FRESH_MS = 30_000;
/** Longer holds are left to the caller, who can wait without occupying a process. */
const LONGEST_HOLD_MS = 30_000;

interface Account {
  remaining: number;
  learnedAt: number;
  nextAt: number;
  heldUntil: number;
}

export function createBudget(clock: Clock): Budget {
  const accounts = new Map<string, Account>();
  return {
    async turn(request, signal) {
      const account = accounts.get(subscriptionOf(request.url));
      if (account === undefined) return;
      const now = clock.now();
      const pace = now - account.learnedAt < FRESH_MS ? spacing(account.remaining) : 0;
      const goAt = Math.max(now, account.heldUntil, pace > 0 ? account.nextAt : 0);
      account.nextAt = goAt + pace;
      if (goAt > now) await clock.sleep(goAt - now, signal);
    },
    learn(request, response) {
      const subscription = subscriptionOf(request.url);
      if (subscription === '') return;
      const now = clock.now();
      const account = accounts.get(subscription) ?? {
        remaining: Infinity,
        learnedAt: -Infinity,
        nextAt: 0,
        heldUntil: 0,
      };
      accounts.set(subscription, account);
      const counts = COUNTERS.flatMap((name) => countIn(response.headers.get(name)));
      if (counts.length > 0) {
        account.remaining = Math.min(...counts);
        account.learnedAt = now;
      }
      if (holdsSubscription(response)) {
        const seconds = retryAfterSeconds(response.headers, now) ?? 1;
        account.heldUntil = now + Math.min(seconds * 1000, LONGEST_HOLD_MS);
      }
    },
  };
}

function spacing(remaining: number): number {
  return remaining >= FEW ? 0 : ((FEW - remaining) / FEW) * SLOWEST_MS;
}

/** A provider's own 429 concerns its own requests only; Resource Manager's concerns the whole subscription. */
function holdsSubscription(response: PipelineResponse): boolean {
  if (response.status !== 429) return false;
  if (response.headers.get('x-ms-failure-cause') === 'gateway') return true;
  return errorIn(parseBody(response.bodyAsText)).code === 'SubscriptionRequestsThrottled';
}

function countIn(text: string | undefined): number[] {
  return text !== undefined && /^\d+$/.test(text) ? [Number(text)] : [];
}

function subscriptionOf(url: string): string {
  return /^https?:\/\/[^/]+\/subscriptions\/([^/?]+)/i.exec(url)?.[1]?.toLowerCase() ?? '';
}
