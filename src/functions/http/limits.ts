import type { Clock } from '../../core/clock.ts';
import { SwitchoverError } from '../../core/errors.ts';

/** Of one instance of the app, for all callers together: which of them asks is not known before it is too late. */
const LIMITS = {
  // Anybody may ask, and each answer costs a look into the store. Availability tests ask a few times a minute.
  health: { burst: 60, perSecond: 10 },
  // A region's alerts come all at once, so there is far more room than they need: Azure Monitor repeats what is answered
  // with 429, but calls nobody for 15 minutes when its repeats have failed, too.
  // https://learn.microsoft.com/azure/azure-monitor/alerts/action-groups#webhook
  alerts: { burst: 2000, perSecond: 100 },
} as const;

export type LimitName = keyof typeof LIMITS;

export interface Limits {
  /** Refuses what is too much, and says when there is room again. */
  admit(name: LimitName): void;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

/** Token buckets: full at first, one token for each request, filled again as time goes by. */
export function createLimits(clock: Clock): Limits {
  const buckets = new Map<LimitName, Bucket>();
  return {
    admit(name) {
      const { burst, perSecond } = LIMITS[name];
      const now = clock.now();
      const { tokens, filledAt } = buckets.get(name) ?? { tokens: burst, filledAt: now };
      // A clock that was set back gives nothing, and takes nothing away.
      const filled = Math.min(burst, tokens + (Math.max(0, now - filledAt) / 1000) * perSecond);
      const isAdmitted = filled >= 1;
      buckets.set(name, { tokens: isAdmitted ? filled - 1 : filled, filledAt: now });
      if (!isAdmitted) throw tooMany(name, Math.ceil((1 - filled) / perSecond));
    },
  };
}

function tooMany(name: LimitName, retryAfterSeconds: number): SwitchoverError {
  return new SwitchoverError(
    'RATE_LIMITED',
    `This instance takes ${LIMITS[name].perSecond} requests a second for ${name}, and more have come. Ask again in ${retryAfterSeconds} s.`,
    { details: { retryAfterSeconds } },
  );
}
