import type { Instant } from './clock.ts';

/** What people can be told of at once, and when each is said. */
export const NOTICES = {
  'site-failed': 'The watch has found that the serving site has failed.',
  'both-down': 'Both sites are down: nothing can be moved.',
  'cut-off': 'The watch itself sees nothing, and decides nothing.',
  withheld: 'The site has failed, but nothing is started by itself, and why.',
  recovered: 'The site that had failed serves again.',
  'awaiting-approval': 'An execution waits for people to agree.',
  started: 'An execution has begun to move the application.',
  'step-waits':
    'A step needs a person while others beside it go on; the execution pauses after them.',
  paused: 'An execution stands still and waits for an order.',
  reminded: 'An execution still stands still.',
  ended: 'An execution has ended, well or not.',
  'drill-failed': 'A drill has failed.',
  'drill-overdue': 'A drill should have been and was not.',
  'readiness-critical': 'The other site could not take over now.',
} as const;
export type NoticeKind = keyof typeof NOTICES;
export const NOTICE_KINDS = Object.keys(NOTICES) as [NoticeKind, ...NoticeKind[]];

/** These stand until somebody acts, so that one can ask later whether they still do. */
export const WAITING_NOTICES = ['paused', 'awaiting-approval'] as const satisfies NoticeKind[];

export type NoticeSeverity = 'info' | 'warning' | 'critical';

/** Something that people should know at once. */
export interface Notice {
  readonly plan: string;
  readonly what: NoticeKind;
  readonly severity: NoticeSeverity;
  readonly sentence: string;
  readonly execution?: string;
}

export interface DatedNotice extends Notice {
  readonly at: Instant;
}

/** How a notice is written for who receives it. */
export const NOTICE_FORMATS = ['plain', 'teams', 'slack'] as const;
export type NoticeFormat = (typeof NOTICE_FORMATS)[number];
