import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from './core/clock.ts';
import type { Dns } from './core/dns.ts';
import type { Log } from './core/log.ts';
import type { PlanSource } from './plan/source.ts';
import type { Blobs } from './records/blobs.ts';
import type { Tables } from './records/tables.ts';
import type { Secrets, Settings } from './settings.ts';

/**
 * Everything of the outside world that the application touches. Production's entry passes the system's, the
 * local stack passes its own; nothing else differs.
 */
export interface Platform {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly clock: Clock;
  /** Uniform in [0, 1): jitter and ids. */
  readonly random: () => number;
  /** Carries requests to Azure. It follows no redirects and repeats nothing. */
  readonly http: HttpClient;
  /** Carries probes of the application in the same way: clients may reach it by another way than we reach Azure. */
  readonly probes: HttpClient;
  readonly dns: Dns;
  readonly tables: Tables;
  readonly blobs: Blobs;
  readonly plans: PlanSource;
  readonly log: Log;
}
