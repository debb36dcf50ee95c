import { z } from 'zod';
import type { Domain } from '../core/watching.ts';
import { duration, jsonObject, name, text, time } from './atoms.ts';
import { cron, timeZone } from './calendar.ts';

/** What is watched, when a site counts as failed, and what is done about it. */

/** Where signals come from, and what each tells. */
export const SIGNAL_SOURCES = {
  http: 'The site answers a request, as clients would send it.',
  'traffic-manager': "What Traffic Manager's probes say of the site's endpoint.",
  metric: 'A metric of Azure Monitor is within its bounds.',
  logs: 'The first number that a Log Analytics query finds is within its bounds.',
  sql: "The site's database server answers for its failover group, and its secondary keeps up.",
  'resource-health': 'What Azure says of the health of its resources.',
  'site-recovery':
    'The replication of the machines is healthy: tells whether the other site could take over.',
  alert: 'An alert that Azure Monitor has fired at the app.',
} as const;
export type SignalKind = keyof typeof SIGNAL_SOURCES;
/** Where each looks from: what could fail together counts once. */
export const SIGNAL_DOMAINS: Readonly<Record<SignalKind, Domain>> = {
  http: 'our-network',
  'traffic-manager': 'traffic-manager',
  metric: 'monitor',
  logs: 'monitor',
  sql: 'resource-manager',
  'resource-health': 'resource-health',
  'site-recovery': 'resource-manager',
  alert: 'monitor',
};
const SIGNAL_KINDS = Object.keys(SIGNAL_SOURCES) as [SignalKind, ...SignalKind[]];

export const writtenSignal = z
  .strictObject({
    id: name.meta({ description: 'What people call the signal; unique in the plan.' }),
    uses: z.enum(SIGNAL_KINDS).meta({ description: 'The source of the signal.' }),
    with: jsonObject.default({}).meta({
      description:
        "The source's settings. ${site.NAME} is a resource of the site that is looked at.",
    }),
  })
  .meta({ id: 'signal' });

const rule = z.strictObject({
  quorum: z.int().min(1).default(2).meta({
    description: 'How many independent sources must say that the site has failed.',
  }),
  failures: z.int().min(1).default(3).meta({
    description: 'Bad looks in a row before a signal says that the site has failed.',
  }),
  recoveries: z.int().min(1).default(3).meta({
    description: 'Good looks in a row before a signal that was bad is taken for good again.',
  }),
  stale: time
    .prefault('3m')
    .meta({ description: 'What is older says nothing: no data is not health.' }),
});

const blackout = z
  .strictObject({
    cron,
    timeZone,
    for: time.meta({ description: 'How long it lasts.' }),
    reason: text.meta({ description: 'Why, for people.' }),
  })
  .transform(({ for: seconds, ...rest }) => ({ ...rest, seconds }))
  .meta({ description: 'From each of these moments on, for so long, nothing starts by itself.' });

export const writtenWatch = z
  .strictObject({
    action: z.enum(['notify', 'ask', 'act']).default('notify').meta({
      description:
        'notify: say so. ask: prepare an unplanned failover that waits for approval. act: start it.',
    }),
    signals: z.array(writtenSignal).min(1).meta({ description: 'What is looked at.' }),
    rule: rule.prefault({}).meta({ description: 'When a site counts as failed.' }),
    cooldown: duration.prefault('1h').meta({
      description:
        'After an execution that changed something, nothing starts by itself for so long.',
    }),
    maxPerDay: z.int().min(1).default(1).meta({
      description: 'Failovers that may start by themselves within 24 hours.',
    }),
    blackouts: z
      .array(blackout)
      .default([])
      .meta({ description: 'When nothing starts by itself.' }),
  })
  .transform(({ cooldown, rule: { stale, ...counts }, ...rest }) => ({
    ...rest,
    rule: { ...counts, staleSeconds: stale },
    cooldownSeconds: cooldown,
  }));

export type Watch = z.infer<typeof writtenWatch>;
export type Signal = z.infer<typeof writtenSignal>;
export type WatchRule = Watch['rule'];
export type Blackout = Watch['blackouts'][number];
