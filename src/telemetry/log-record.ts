import type { Instant } from '../core/clock.ts';
import type { Attributes } from './attributes.ts';

/** Something that happened, told at once: what is under way shows before its trace does. */
export interface LogRecord {
  readonly event: EventName;
  readonly at: Instant;
  readonly severity: 'info' | 'warning' | 'error';
  readonly sentence: string;
  readonly attributes: Attributes;
  /** The span that it belongs to, which is sent when it has ended. */
  readonly span?: { readonly traceId: string; readonly spanId: string };
}

/** What is told, and when. */
export const LOG_EVENTS = {
  'switchover.execution.state': 'An execution was asked for, or went from one state to another.',
  'switchover.step.state': 'A step has begun, or has ended, on the way there or back.',
  'switchover.watch.verdict':
    'The watch came to another verdict, did something, or was kept from it by something else than before.',
} as const;
export type EventName = keyof typeof LOG_EVENTS;
