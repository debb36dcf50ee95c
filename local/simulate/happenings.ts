import { z } from 'zod';
import { COMMANDS, DRILL_LEVELS } from '../../src/core/execution.ts';
import { faultSchema } from '../simulator/fault-schema.ts';
import { OUTAGE_SIZES } from '../simulator/service.ts';
import { PRINCIPALS } from '../stack/principals.ts';
import { facts } from './facts.ts';

/** A week: nobody has the patience for more, and who writes it has mistyped. */
const SECONDS_AT_MOST = 7 * 86_400;

const seconds = z.number().nonnegative().max(SECONDS_AT_MOST);
const often = z.int().positive();
const region = z.enum(['eastus', 'westus']);
const somebody = z.string().refine((name) => Object.hasOwn(PRINCIPALS, name), {
  error: `expected one of ${Object.keys(PRINCIPALS).join(', ')}`,
});

/** Seconds after the app came up; what is drawn for shortly before comes at once. */
const at = z.number().min(-60).max(SECONDS_AT_MOST);

const outage = facts({ do: z.literal('outage'), at, region, size: z.enum(OUTAGE_SIZES) });

const fault = facts({ do: z.literal('fault'), at, fault: faultSchema });

const start = facts({
  do: z.literal('start'),
  at,
  kind: z.enum(['failover', 'failback', 'drill']),
  /** Of a drill. */
  level: z.enum(DRILL_LEVELS).exactOptional(),
  mode: z.enum(['planned', 'unplanned']),
  as: somebody,
  key: z.string().nullable(),
  /** The plan of the other name that moves the very same resources. */
  rival: z.boolean().exactOptional(),
});

/** Of the newest execution, whether it is possible or not. */
const order = facts({
  do: z.literal('order'),
  at,
  as: somebody,
  command: z.enum(COMMANDS),
  step: z.string().nullable(),
  accept: z.enum(['data-loss', 'presumed-fence']).nullable(),
  then: z.enum(['compensate', 'stay']).nullable(),
});

const death = facts({
  do: z.literal('die'),
  at,
  /** At once, or at the nth write from now to the records or to the durable store. */
  where: z.enum(['here', 'write', 'commit']),
  nth: often,
  downSeconds: seconds,
  /** It only lost its place: what was in flight goes on beside the next instance. */
  lingers: z.boolean(),
});

/** The state store fails its next writes, or all of them for some time. */
const store = facts({
  do: z.literal('store'),
  at,
  how: z.enum(['refuse', 'lose-answer', 'conflict']),
  writes: often,
  seconds,
});

/** Somebody ends the newest execution's orchestration behind the app's back. */
const terminate = facts({ do: z.literal('terminate'), at });

/** Somebody takes the lock away from whoever holds it. */
const steal = facts({ do: z.literal('steal'), at });

/** Somebody keeps everything from starting by itself, or lets it again. */
const hold = facts({ do: z.literal('hold'), at, lift: z.boolean() });

/** Somebody lifts the plan's cool-down. */
const liftCooldown = facts({ do: z.literal('lift-cooldown'), at });

/** An action group's calls, all at once: `copies` of one alert, or as many alerts. */
const alerts = facts({
  do: z.literal('alerts'),
  at,
  rule: z.enum(['endpoint-alert', 'public-alert', 'sql-alert']),
  site: z.enum(['east', 'west']),
  is: z.enum(['Fired', 'Resolved']),
  copies: often,
  same: z.boolean(),
  /** How long ago it was fired. */
  ageSeconds: seconds,
});

/** The app reaches nothing any more, or not this region's sites, while all others do. */
const cut = facts({
  do: z.literal('cut'),
  at,
  what: z.enum(['everything', ...region.options]),
  seconds,
});

/** The app's identity loses a right for some time. */
const deny = facts({ do: z.literal('deny'), at, action: z.string().min(1), seconds });

/** The app's clock is set anew. */
const clock = facts({
  do: z.literal('clock'),
  at,
  seconds: z.number().min(-SECONDS_AT_MOST).max(SECONDS_AT_MOST),
});

/** How the next webhooks fare. */
const receiver = facts({
  do: z.literal('receiver'),
  at,
  fate: z.enum(['lost-there', 'lost-back', 'refused', 'takes-long']),
  times: often,
});

const ALL = [
  ...([outage, fault, start, order, death, store, terminate, steal, hold, liftCooldown] as const),
  ...([alerts, cut, deny, clock, receiver] as const),
] as const;

const KNOWN = ALL.map(({ def }) => def.innerType.shape.do.value).join(', ');

export const happening = z.discriminatedUnion('do', ALL, { error: `expected one of ${KNOWN}` });
export type Happening = z.infer<typeof happening>;

export type HappeningOf<D extends Happening['do']> = Extract<Happening, { readonly do: D }>;
export type Death = HappeningOf<'die'>;
export type Alerts = HappeningOf<'alerts'>;
export type Cut = HappeningOf<'cut'>;
