import type { AttributeName, AttributeValue } from './attributes.ts';

interface Instrument {
  /** `counter`: how often; `histogram`: how long, each time; `gauge`: how it stands now. */
  readonly is: 'counter' | 'histogram' | 'gauge';
  /** As UCUM has it; what is counted in braces. */
  readonly unit: string;
  readonly says: string;
  readonly attributes: readonly AttributeName[];
  /** Upper bounds of a histogram's buckets. */
  readonly bounds?: readonly number[];
}

/** Of one request, as OpenTelemetry's conventions advise; of what takes seconds to hours; of what takes half a minute. */
const REQUEST = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const WORK = [1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];
const TICK = [0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60, 120, 300];

const RUN = ['switchover.plan', 'switchover.kind', 'switchover.mode'] as const;
const DRILLED = [...RUN, 'switchover.level', 'switchover.state'] as const;

/**
 * Every metric that is sent. Their attributes have few values each, plans apart: no ids, no resources, nothing that
 * grows with time.
 */
export const INSTRUMENTS = {
  'switchover.execution.begun': {
    is: 'counter',
    unit: '{execution}',
    says: 'Executions that were asked for, by whomever or whatever.',
    attributes: [...RUN, 'switchover.level'],
  },
  'switchover.execution.duration': {
    is: 'histogram',
    unit: 's',
    says: 'From the request to the end, of each execution that ended.',
    attributes: DRILLED,
    bounds: WORK,
  },
  'switchover.execution.age': {
    is: 'gauge',
    unit: 's',
    says: 'Since when an execution has been open that has not ended.',
    attributes: DRILLED,
  },
  'switchover.execution.waiting': {
    is: 'gauge',
    unit: 's',
    says: 'Since when an execution has waited for people: paused, or until they agree.',
    attributes: DRILLED,
  },
  'switchover.recovery.duration': {
    is: 'histogram',
    unit: 's',
    says: 'From the first bad look (or the request) to the first good answer: what the RTO is about.',
    attributes: RUN,
    bounds: WORK,
  },
  'switchover.recovery.data_loss': {
    is: 'histogram',
    unit: 's',
    says: 'The bound of what may have been lost: what the RPO is about. Nothing is recorded when it is unknown.',
    attributes: RUN,
    bounds: [0, ...WORK],
  },
  'switchover.recovery.objectives': {
    is: 'counter',
    unit: '{objective}',
    says: 'RTO and RPO of each execution that moved the application: `met`, `missed` or `unknown`.',
    attributes: [...RUN, 'switchover.objective', 'switchover.result'],
  },
  'switchover.step.duration': {
    is: 'histogram',
    unit: 's',
    says: 'How long the last run of each step took that ended.',
    attributes: ['switchover.step_kind', 'switchover.direction', 'switchover.state'],
    bounds: WORK,
  },
  'switchover.call.outcomes': {
    is: 'counter',
    unit: '{call}',
    says: 'What became of each call that changes something; `resolved` had to be found out by looking.',
    attributes: ['switchover.call', 'switchover.direction', 'switchover.outcome'],
  },
  'http.client.request.duration': {
    is: 'histogram',
    unit: 's',
    says: 'Each request to Azure, also those that are repeated; status 429 is a throttled one.',
    attributes: [
      'http.request.method',
      'http.response.status_code',
      'server.address',
      'azure.resource_provider.namespace',
      'error.type',
    ],
    bounds: REQUEST,
  },
  'switchover.watch.tick.duration': {
    is: 'histogram',
    unit: 's',
    says: 'How long a tick took; it should be less than 30 s. `failed`: it could not look.',
    attributes: ['switchover.result'],
    bounds: TICK,
  },
  'switchover.watch.tick.interval': {
    is: 'histogram',
    unit: 's',
    says: 'From one tick to the next of the same instance; it should be 30 s.',
    attributes: [],
    bounds: TICK,
  },
  'switchover.watch.verdicts': {
    is: 'counter',
    unit: '{look}',
    says: 'Looks at a plan, and what each came to.',
    attributes: ['switchover.plan', 'switchover.verdict'],
  },
  'switchover.watch.detection.duration': {
    is: 'histogram',
    unit: 's',
    says: 'From the first bad look to the verdict that a site has failed.',
    attributes: ['switchover.plan'],
    bounds: WORK,
  },
  'switchover.watch.signals.silent': {
    is: 'gauge',
    unit: '{signal}',
    says: "A plan's signals, counted at each site, whose latest look told nothing.",
    attributes: ['switchover.plan'],
  },
  'switchover.drill.overdue': {
    is: 'gauge',
    unit: 's',
    says: 'For how long there was no drill of that level, once that is too long.',
    attributes: ['switchover.plan', 'switchover.level'],
  },
  'switchover.readiness.findings': {
    is: 'gauge',
    unit: '{finding}',
    says: "What stands in a plan's way, as of its latest check.",
    attributes: ['switchover.plan', 'switchover.severity'],
  },
  'switchover.notice.waiting': {
    is: 'gauge',
    unit: '{notice}',
    says: 'Notices that are due and not delivered yet.',
    attributes: [],
  },
  'switchover.notice.closed': {
    is: 'counter',
    unit: '{notice}',
    says: 'Notices that were delivered, given up, or not needed any more.',
    attributes: ['switchover.notice', 'switchover.outcome'],
  },
  'switchover.alert.received': {
    is: 'counter',
    unit: '{alert}',
    says: 'Messages about alerts: `weighed`, `ignored` (nothing follows from it) or `repeated`. Those that the door refused are requests of the host.',
    attributes: ['switchover.condition', 'switchover.severity', 'switchover.result'],
  },
} as const satisfies Readonly<Record<string, Instrument>>;

type Catalogue = typeof INSTRUMENTS;
export type InstrumentName = keyof Catalogue;
export type Is = Instrument['is'];

/** Instruments of one kind. */
export type NameOf<I extends Is> = {
  [N in InstrumentName]: Catalogue[N]['is'] extends I ? N : never;
}[InstrumentName];

/** All that the instrument is told apart by, and nothing else. */
export type LabelsOf<N extends InstrumentName> = Readonly<
  Record<Catalogue[N]['attributes'][number], AttributeValue>
>;

export function instrumentOf(name: InstrumentName): Instrument {
  return INSTRUMENTS[name];
}
