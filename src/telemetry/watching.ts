import { secondsBetween } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import type { Told, WatchState } from '../records/watch-states.ts';
import type { LogRecord } from './log-record.ts';
import type { Telemetry } from './sender.ts';

/** Who looks on while the watch works: is told what was seen and decided, and decides nothing. */
export interface Onlooker {
  /** Of each tick, well or not. */
  ticked(began: number, looked: boolean): void;
  /** Of each look at a plan that counts. */
  judged(state: WatchState): void;
  /** When there is something new to say. */
  decided(state: WatchState, told: Told, withheldBy: readonly string[]): void;
}

export function createOnlooker(telemetry: Telemetry, clock: Clock): Onlooker {
  let last: number | null = null;
  return {
    ticked(began, looked) {
      telemetry.measure('switchover.watch.tick.duration', (clock.now() - began) / 1000, {
        'switchover.result': looked ? 'looked' : 'failed',
      });
      if (last !== null)
        telemetry.measure('switchover.watch.tick.interval', (began - last) / 1000, {});
      last = began;
    },
    judged: (state) => tellJudged(telemetry, state),
    decided: (...given) => telemetry.tell(verdictRecord(...given)),
  };
}

function tellJudged(telemetry: Telemetry, state: WatchState): void {
  const { plan, verdict, standings, since, at } = state;
  const labels = { 'switchover.plan': plan };
  telemetry.count('switchover.watch.verdicts', { ...labels, 'switchover.verdict': verdict.is });
  const silent = standings.filter(({ unclear }) => unclear !== undefined).length;
  telemetry.show('switchover.watch.signals.silent', silent, labels);
  if (verdict.is !== 'failed' || since !== at || verdict.firstBadAt === undefined) return;
  const took = secondsBetween(verdict.firstBadAt, at);
  telemetry.measure('switchover.watch.detection.duration', took, labels);
}

const SEVERITIES = {
  healthy: 'info',
  suspect: 'warning',
  failed: 'error',
  'both-down': 'error',
  'cut-off': 'warning',
  unknown: 'warning',
} as const;

function verdictRecord(
  { plan, active, verdict }: WatchState,
  { at, is, sentence, because, did }: Told,
  withheldBy: readonly string[],
): LogRecord {
  return {
    event: 'switchover.watch.verdict',
    at,
    severity: SEVERITIES[is],
    sentence,
    attributes: {
      'switchover.plan': plan,
      'switchover.site': active,
      'switchover.verdict': is,
      'switchover.first_bad_at': verdict.firstBadAt,
      'switchover.because': because,
      'switchover.withheld_by': withheldBy,
      'switchover.did': did,
    },
  };
}
