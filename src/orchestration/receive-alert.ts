import { IN_TIME, instant } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import type { Principal } from '../core/principal.ts';
import type { AlertMatcher, Spoken } from '../health/match-alert.ts';
import type { Plan } from '../plan/plan.ts';
import type { AlertMatch, AlertRecord, Alerts } from '../records/alerts.ts';
import type { DurableDoor } from './door.ts';

/** What Azure Monitor says of an alert, as far as anything follows from it. */
export type AlertMessage = Omit<AlertRecord, 'receivedAt' | 'by' | 'matched' | 'ignored'>;

export interface AlertAnswer {
  /** It came in before: nothing follows from it twice. */
  readonly repeated: boolean;
  readonly matched: readonly AlertMatch[];
  /** Why nothing follows from it. */
  readonly ignored?: string;
}

export interface ReceiveDeps {
  readonly clock: Clock;
  readonly alerts: Alerts;
  readonly matches: AlertMatcher;
  /** Has these plans looked at now, not at the next tick. Never fails. */
  readonly look: (plans: readonly Plan[], door: DurableDoor) => Promise<void>;
}

/** In a storm a plan is looked at so often; in between the alerts are only recorded, and weighed at the next look. */
const LOOK_SECONDS = 15;
/**
 * An action group waits ten seconds for an answer. A look that takes longer, because what it looks at is silent, goes on
 * without being waited for; should the host end meanwhile, the next tick looks.
 */
const ANSWER_SECONDS = 5;

/**
 * Records what an alert says. It is a signal like any other: what follows is decided by the watch, from all it sees. A
 * crash between the record and the look costs time only, because the next tick looks all the same.
 */
export async function receiveAlert(
  deps: ReceiveDeps,
  { message, by }: { readonly message: AlertMessage; readonly by: Principal },
  plans: readonly Plan[],
  door: DurableDoor,
): Promise<AlertAnswer> {
  const now = deps.clock.now();
  // A clock that is ahead of ours must not make an alert speak longer than it may.
  const alert = { ...message, firedAt: instant(Math.min(Date.parse(message.firedAt), now)) };
  const spoken = deps.matches(plans, alert);
  const matched = spoken.map(({ plan, signal, sites }) => ({ plan, signal, sites }));
  const ignored = reasonToIgnore(alert, spoken, now);
  const said = { matched, ...(ignored === null ? {} : { ignored }) };
  const record = await deps.alerts.record({ ...alert, receivedAt: instant(now), by, ...said });
  if (record === 'repeated')
    return { repeated: true, matched, ignored: 'It was received before, and counts once.' };
  if (ignored === null) {
    const meant = plans.filter((plan) => matched.some((match) => match.plan === plan.name));
    await lookOnce(deps, meant, door);
  }
  return { repeated: false, ...said };
}

async function lookOnce(
  deps: ReceiveDeps,
  plans: readonly Plan[],
  door: DurableDoor,
): Promise<void> {
  const now = instant(deps.clock.now());
  const claims = await Promise.all(
    plans.map(({ name }) => deps.alerts.claimLook(name, now, LOOK_SECONDS)),
  );
  const ours = plans.filter((_, index) => claims[index] === true);
  if (ours.length > 0) await atMost(deps.clock, ANSWER_SECONDS, deps.look(ours, door));
}

/** Whoever waits does so no longer; the work itself goes on. */
async function atMost(clock: Clock, seconds: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = clock.sleep(seconds * 1000, done.signal).catch(() => undefined);
  await Promise.race([work, late]);
  done.abort(IN_TIME);
}

function reasonToIgnore(
  { rule, severity, condition, firedAt }: AlertMessage,
  spoken: readonly Spoken[],
  now: number,
): string | null {
  if (spoken.length === 0) {
    return `No plan has a signal for an alert of rule ${rule} with severity ${severity} on these targets.`;
  }
  if (condition === 'Resolved') {
    return 'It is resolved: the signal says so from now on, and nothing is moved back because of it.';
  }
  const lasts = Math.max(...spoken.map(({ lastsSeconds }) => lastsSeconds));
  return Date.parse(firedAt) + lasts * 1000 > now
    ? null
    : `It was fired at ${firedAt}: too long ago to say anything of now.`;
}

const KEPT_DAYS = 30;
/** Many at once would keep the timer from ending; what is left goes next time. */
const PIECES = 100;

/** Deletes what nobody asks for any more, so that a year of storms does not slow the listing of today's. */
export async function forgetAlerts({
  clock,
  alerts,
}: Pick<ReceiveDeps, 'clock' | 'alerts'>): Promise<void> {
  const before = instant(clock.now() - KEPT_DAYS * 86_400_000);
  for (let piece = 0; piece < PIECES; piece += 1) {
    if ((await alerts.forget(before)) === 0) return;
  }
}
