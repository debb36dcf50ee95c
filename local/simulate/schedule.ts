import type { Command, DrillLevel, Kind, Mode } from '../../src/core/execution.ts';
import type { Fault, OutageSize } from '../simulator/service.ts';
import type { PlanShape } from './plans.ts';
import type { Fate } from './receiver.ts';

/** Everything that goes wrong in one run, and when: the whole of it, so that the same schedule runs the same way. */
export interface Schedule {
  /** Draws durations, latencies and names inside the simulated world. */
  readonly seed: number;
  readonly plan: PlanShape;
  /** How early and how late the platform's timers come. */
  readonly jitter: { readonly earlyMs: number; readonly lateMs: number };
  /** Milliseconds that a request to Azure is under way; as usual when absent. */
  readonly latency?: { readonly low: number; readonly high: number };
  /** Milliseconds that the host's own steps take; as measured on a host without cloud storage when absent. */
  readonly hops?: {
    readonly activityMs: number;
    readonly subOrchestrationMs: number;
    readonly turnMs: number;
  };
  /** Every timer of the app fires a second time, so many milliseconds later. */
  readonly again?: number;
  /** So many instances of the app share the work all the time; one when absent. */
  readonly instances?: number;
  readonly happenings: readonly Happening[];
  /** What the person on call does about each pause, in order; after the last one nobody does anything more. */
  readonly answers: readonly Answer[];
}

/** `at`: seconds after the app came up. */
export type Happening = { readonly at: number } & (
  | { readonly do: 'outage'; readonly region: string; readonly size: OutageSize }
  | { readonly do: 'fault'; readonly fault: Fault }
  | {
      readonly do: 'start';
      readonly kind: Kind;
      /** Of a drill. */
      readonly level?: DrillLevel;
      readonly mode: Mode;
      readonly as: string;
      readonly key: string | null;
      /** The plan of the other name that moves the very same resources. */
      readonly rival?: boolean;
    }
  /** Of the newest execution, whether it is possible or not. */
  | {
      readonly do: 'order';
      readonly as: string;
      readonly command: Command;
      readonly step: string | null;
      readonly accept: 'data-loss' | 'presumed-fence' | null;
      readonly then: 'compensate' | 'stay' | null;
    }
  | Death
  /** The state store fails its next writes, or all of them for some time. */
  | {
      readonly do: 'store';
      readonly how: 'refuse' | 'lose-answer' | 'conflict';
      readonly writes: number;
      readonly seconds: number;
    }
  /** Somebody ends the newest execution's orchestration behind the app's back. */
  | { readonly do: 'terminate' }
  /** Somebody takes the lock away from whoever holds it. */
  | { readonly do: 'steal' }
  /** Somebody keeps everything from starting by itself, or lets it again. */
  | { readonly do: 'hold'; readonly lift: boolean }
  /** Somebody lifts the plan's cool-down. */
  | { readonly do: 'lift-cooldown' }
  | Alerts
  | Cut
  /** The app's identity loses a right for some time. */
  | { readonly do: 'deny'; readonly action: string; readonly seconds: number }
  /** The app's clock is set anew. */
  | { readonly do: 'clock'; readonly seconds: number }
  /** How the next webhooks fare. */
  | { readonly do: 'receiver'; readonly fate: Fate; readonly times: number }
);

/** An action group's calls, all at once: `copies` of one alert, or as many alerts. */
export interface Alerts {
  readonly do: 'alerts';
  readonly rule: 'endpoint-alert' | 'public-alert' | 'sql-alert';
  readonly site: 'east' | 'west';
  readonly is: 'Fired' | 'Resolved';
  readonly copies: number;
  readonly same: boolean;
  /** How long ago it was fired. */
  readonly ageSeconds: number;
}

/** The app reaches nothing any more, or not this region's sites, while all others do. */
export interface Cut {
  readonly do: 'cut';
  readonly what: 'everything' | 'eastus' | 'westus';
  readonly seconds: number;
}

export interface Death {
  readonly do: 'die';
  /** At once, or at the nth write from now to the records or to the durable store. */
  readonly where: 'here' | 'write' | 'commit';
  readonly nth: number;
  readonly downSeconds: number;
  /** It only lost its place: what was in flight goes on beside the next instance. */
  readonly lingers: boolean;
}

export interface Answer {
  readonly afterSeconds: number;
  /** Which of the offered choices, from 0 to 1. */
  readonly pick: number;
  readonly then: 'compensate' | 'stay';
}

export type HappeningOf<D extends Happening['do']> = Extract<Happening, { readonly do: D }>;

/** The app's own times then say neither how long ago something was nor what came first. */
export function setsClockAnew({ happenings }: Schedule): boolean {
  return happenings.some((one) => one.do === 'clock');
}
