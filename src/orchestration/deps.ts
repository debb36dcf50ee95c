import type { HttpClient } from '@azure/core-rest-pipeline';
import type { AzureAccess } from '../azure/access.ts';
import type { AzureAs } from '../azure/identities.ts';
import type { Clock } from '../core/clock.ts';
import type { Dns } from '../core/dns.ts';
import type { Log } from '../core/log.ts';
import type { Blobs } from '../records/blobs.ts';
import type { Drills } from '../records/drills.ts';
import type { Executions } from '../records/executions.ts';
import type { EndedExecutions } from '../records/ended.ts';
import type { Locks } from '../records/locks.ts';
import type { PlanStates } from '../records/plan-state.ts';
import type { Restraints } from '../records/restraints.ts';
import type { NoticeDeps } from './notices/enqueue.ts';
import type { Secrets } from '../settings.ts';
import type { PinnedPlans } from './pinned.ts';

/** What the activities work with; made once, in the composition root. */
export interface Deps extends NoticeDeps {
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
  /** In the name of what looks: it may change nothing. */
  readonly azure: AzureAccess;
  readonly azureAs: AzureAs;
  /** For probes of the application itself. */
  readonly http: HttpClient;
  readonly dns: Dns;
  readonly secret: Secrets;
  readonly publicResolvers: readonly string[];
  readonly executions: Executions;
  readonly locks: Locks;
  readonly planStates: PlanStates;
  readonly ended: EndedExecutions;
  readonly restraints: Restraints;
  readonly drills: Drills;
  readonly blobs: Blobs;
  readonly pinned: PinnedPlans;
}
