import type { Look } from '../../health/look.ts';
import type { Readiness } from '../../health/restraint.ts';
import type { Wanted } from '../../health/signals/source.ts';
import type { PlanFacts } from '../../plan/facts.ts';
import type { Plan } from '../../plan/plan.ts';
import type { WatchStates } from '../../records/watch-states.ts';
import type { Onlooker } from '../../telemetry/watching.ts';
import type { StartDeps } from '../start/order.ts';

/** What the watch works with beyond what starting needs. */
export interface WatchDeps extends StartDeps {
  readonly watchStates: WatchStates;
  readonly facts: Pick<PlanFacts, 'signals'>;
  /** Reads signals of all plans together; what could not be read is `unclear`, never thrown. */
  readonly readSignals: (wanted: readonly Wanted[]) => Promise<readonly Look[]>;
  /** Whether the site that does not serve could take over, as it is now. */
  readonly readiness: (plan: Plan) => Promise<Readiness>;
  /** Null where nobody looks on. */
  readonly onlooker: Onlooker | null;
}
