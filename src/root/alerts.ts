import { secondsBetween } from '../core/clock.ts';
import type { AlertDecision, Alerts, AlertSummary } from '../functions/services.ts';
import { receiveAlert } from '../orchestration/receive-alert.ts';
import type { ReceiveDeps } from '../orchestration/receive-alert.ts';
import type { AlertRecord } from '../records/alerts.ts';
import type { Explanation } from '../records/watch-states.ts';
import type { Catalogue } from './plans.ts';

export interface AlertDoorDeps extends ReceiveDeps {
  /** What the watch has said of a plan, newest first. */
  readonly explanations: (plan: string) => Promise<readonly Explanation[]>;
}

/** What the doors ask of alerts. */
export function createAlertDoors(deps: AlertDoorDeps, catalogue: Pick<Catalogue, 'all'>): Alerts {
  return {
    receive: async (message, by, door) =>
      receiveAlert(deps, { message, by }, await catalogue.all(), door),

    async list(limit) {
      const alerts = await deps.alerts.recent(limit);
      const plans = new Set(alerts.flatMap(({ matched }) => matched.map(({ plan }) => plan)));
      const said = new Map(
        await Promise.all(
          [...plans].map(async (plan) => [plan, await deps.explanations(plan)] as const),
        ),
      );
      return alerts.map((alert) => withDecisions(alert, said));
    },
  };
}

type Said = ReadonlyMap<string, readonly Explanation[]>;

function withDecisions(alert: AlertRecord, said: Said): AlertSummary {
  const plans = new Set(alert.matched.map(({ plan }) => plan));
  const decided = [...plans].flatMap((plan): AlertDecision[] => {
    const found = decisionAt(said.get(plan) ?? [], alert.receivedAt);
    if (alert.ignored !== undefined || found === null) return [];
    const { sentence, did, restraints } = found;
    return [{ plan, sentence, did, restraints }];
  });
  return { ...alert, decided };
}

/** A look that was under way when it came in may have missed it; the one after that has not. */
const SEEN_SECONDS = 60;

/** What was done within that time, else what was said last; nothing new was said when the one before it still held. */
function decisionAt(explanations: readonly Explanation[], at: string): Explanation | null {
  const soon = explanations.filter(
    (one) => one.at >= at && secondsBetween(at, one.at) <= SEEN_SECONDS,
  );
  return (
    soon.find(({ did }) => did !== null) ??
    soon[0] ??
    explanations.find((one) => one.at < at) ??
    null
  );
}
