import { instant } from '../../core/clock.ts';
import type { Look } from '../../health/look.ts';
import { isDear } from '../../health/signals/read.ts';
import type { Wanted } from '../../health/signals/source.ts';
import { isReadWhole } from './subject.ts';
import type { Subject } from './subject.ts';
import type { WatchDeps } from './deps.ts';

/** What was seen in one tick, of all plans. */
export interface Sight {
  /** By plan. */
  readonly looks: ReadonlyMap<string, readonly Look[]>;
  /** Plans of which everything was read, also what is read seldom. */
  readonly whole: ReadonlySet<string>;
  /** Whether anything at all was heard of those who were asked: if not, the watch itself is cut off, whatever its probes say. */
  readonly heard: boolean;
}

/** Probes at every tick; what costs reads of Azure now and then, and at once where a probe looks bad. */
export async function look(
  deps: Pick<WatchDeps, 'clock' | 'readSignals'>,
  subjects: readonly Subject[],
): Promise<Sight> {
  const now = instant(deps.clock.now());
  const whole = new Set(
    subjects.filter((one) => isReadWhole(one, now)).map(({ plan }) => plan.name),
  );
  const wanted = subjects.flatMap(({ signals }) => signals);
  const due = (one: Wanted): boolean => !isDear(one.signal.uses) || whole.has(one.plan);
  const first = await deps.readSignals(wanted.filter(due));
  const suspected = new Set(first.filter(({ as }) => as === 'bad').map(({ plan }) => plan));
  const rest = wanted.filter((one) => !due(one) && suspected.has(one.plan));
  const second = rest.length === 0 ? [] : await deps.readSignals(rest);
  const looks = [...first, ...second];
  const asked = looks.filter((one) => !isOfAlert(one, subjects));
  return {
    looks: Map.groupBy(looks, ({ plan }) => plan),
    whole: new Set([...whole, ...suspected]),
    heard: asked.length === 0 || asked.some(isContact),
  };
}

/** Whatever Azure answers, also that it does not know, was heard. That a probe is not answered may be our own doing. */
function isContact({ as, domain, silent }: Look): boolean {
  return as === 'good' || (domain !== 'our-network' && silent !== true);
}

/** Alerts lie in our own store: one that is read now may have come before the wire was cut. */
function isOfAlert(look: Look, subjects: readonly Subject[]): boolean {
  return subjects.some(
    ({ plan, signals }) =>
      plan.name === look.plan &&
      signals.some(({ signal }) => signal.id === look.signal && signal.uses === 'alert'),
  );
}
