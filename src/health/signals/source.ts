import type { HttpClient } from '@azure/core-rest-pipeline';
import type { AzureAccess } from '../../azure/access.ts';
import type { Clock } from '../../core/clock.ts';
import type { SignalKind } from '../../plan/watch.ts';
import type { WatchedSignal } from '../../plan/signals.ts';
import type { Alerts } from '../../records/alerts.ts';
import type { PlanStates } from '../../records/plan-state.ts';
import type { Look } from '../look.ts';

/** What signals are read through. */
export interface Through {
  readonly azure: AzureAccess;
  /** For probes of the application itself. */
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly planStates: Pick<PlanStates, 'lag'>;
  readonly alerts: Pick<Alerts, 'since'>;
}

/** A plan's signal, to be read at one of its sites. */
export interface Wanted<K extends SignalKind = SignalKind> {
  readonly plan: string;
  readonly site: string;
  readonly signal: WatchedSignal<K>;
}

/** What is read must be read by then (epoch milliseconds): the next tick is coming. */
export interface Reader extends Through {
  readonly until: number;
}

/** One kind of signal: reads it for all plans together, asking once for what several of them need. */
export interface SignalSource<K extends SignalKind> {
  /** Its reads are counted by Azure: they are made every few minutes, and at once when something is suspected. */
  readonly isDear: boolean;
  read(through: Reader, wanted: readonly Wanted<K>[]): Promise<readonly Seen[]>;
}

/** The parts of a look that are the source's to say: of the site's health, as of now, unless it says otherwise. */
export type Said = Pick<Look, 'as' | 'sees'> & Partial<Pick<Look, 'judges' | 'at' | 'silent'>>;

export interface Seen extends Said {
  readonly of: Wanted;
}
