import type { PlanFacts } from '../../plan/facts.ts';
import type { Alerts } from '../../records/alerts.ts';
import type { ReadinessRecords } from '../../records/readiness.ts';
import type { Deps } from '../deps.ts';

/** What checking plans works with beyond what their executions need. */
export interface ReadinessDeps extends Deps {
  readonly alerts: Pick<Alerts, 'since'>;
  readonly readiness: ReadinessRecords;
  readonly facts: PlanFacts;
  /** Where this app runs; null when nobody told it. */
  readonly region: string | null;
}
