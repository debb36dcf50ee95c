import { secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { resourceName } from '../core/resource-id.ts';
import type { Readiness, ReadinessFinding } from '../records/readiness.ts';

/** Plans are checked every half hour. What has not been checked for longer than this may have become otherwise. */
const STALE_SECONDS = 2 * 3600;

export interface OtherSide {
  readonly ready: 'yes' | 'no' | 'unknown';
  /** One sentence, for people. */
  readonly why: string;
}

/**
 * Whether the site that does not serve could take over. Only what stands in the way of an unplanned run there counts:
 * the side that is left is expected to be in a bad state by then.
 */
export function otherSiteReady(
  readiness: Readiness | null,
  { active, now }: { readonly active: string; readonly now: Instant },
): OtherSide {
  if (readiness === null || readiness.from !== active) {
    return { ready: 'unknown', why: `It was never checked who could take over from ${active}.` };
  }
  const { to, at, findings } = readiness;
  if (secondsBetween(at, now) > STALE_SECONDS)
    return { ready: 'unknown', why: `Whether ${to} could take over was last checked at ${at}.` };
  const [worst, ...others] = findings.filter(standsInTheWay);
  if (worst === undefined) return { ready: 'yes', why: `${to} could take over, as of ${at}.` };
  const more = others.length === 0 ? '' : ` And ${others.length} more.`;
  const what = `${resourceName(worst.resource)}: ${worst.problem}`.replace(/\.$/, '');
  return {
    ready: 'no',
    why: `${to} could not take over, as of ${at}: ${what}. ${worst.remedy}${more}`,
  };
}

function standsInTheWay({ mode, impossible, severity, side }: ReadinessFinding): boolean {
  if (mode === 'planned') return false;
  return impossible === true || (severity === 'critical' && side === 'entered');
}
