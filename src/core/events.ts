import { counted } from './counted.ts';
import type { OnExpiry } from './approval.ts';
import type { ForeseenChange } from './change.ts';
import type { Instant } from './clock.ts';
import { formatSeconds } from './duration.ts';
import type {
  Acceptance,
  ChainHead,
  Choice,
  Command,
  DrillLevel,
  Fencing,
  Kind,
  Mode,
  TerminalState,
} from './execution.ts';
import { executionWords } from './execution.ts';
import type { Finding } from './finding.ts';
import type { JsonObject } from './json.ts';
import type { PlanVersion } from './plan-version.ts';
import type { Principal } from './principal.ts';
import type { Direction, Operation, UndoSafety } from './step.ts';

/** Events that concern the whole execution. */
export const EXECUTION_STREAM = 'execution';

/** A step's events have a stream of their own, so that parallel steps never contend for one head. Fit for row keys. */
export function stepStream(step: string): string {
  return `step:${step}`;
}

/** A line of what a dry-run says: which step would change a resource, and how. */
export interface DrillChange extends ForeseenChange {
  readonly step: string;
}

interface OfCall {
  readonly step: string;
  readonly direction: Direction;
  readonly call: string;
  readonly attempt: number;
}

/**
 * The event catalogue. An entry is the event's type, its fields (the parameter) and its sentence for people. Fields
 * are only ever added, as optional ones: recorded events are read for years.
 */
const CATALOGUE = {
  // The execution: asked for, allowed, begun.
  'execution-requested': (data: {
    readonly execution: string;
    readonly plan: string;
    readonly planHash: string;
    readonly kind: Kind;
    readonly mode: Mode;
    readonly level?: DrillLevel;
    readonly partOf?: string;
    readonly from: string;
    readonly to: string;
    readonly reason: string;
    readonly by: Principal;
    readonly token: number;
    readonly firstBadAt?: Instant;
    readonly planVersion?: PlanVersion;
  }) =>
    `${data.by.name} asked for ${article(executionWords(data))} of ${data.plan}${versioned(data)} from ${data.from} to ${data.to}: ${data.reason}`,
  detected: (data: {
    readonly site: string;
    /** When enough was known. */
    readonly at: Instant;
    readonly firstBadAt: Instant;
    readonly sentence: string;
    readonly because: readonly string[];
  }) =>
    `The watch saw the first sign at ${data.firstBadAt} and was sure at ${data.at}: ${data.sentence}`,
  'restraint-changed': (data: {
    readonly what: 'held' | 'hold-lifted' | 'cooldown-lifted';
    readonly by: Principal;
    readonly at: Instant;
    readonly reason: string;
  }) => `${data.by.name} ${RESTRAINT_WORDS[data.what]} at ${data.at}: ${data.reason}`,
  'execution-refused': (data: { readonly why: string; readonly findings: readonly Finding[] }) =>
    `Refused: ${data.why}`,
  'preflight-passed': (data: { readonly findings: readonly Finding[] }) =>
    data.findings.length === 0
      ? 'Preflight passed without findings.'
      : `Preflight passed with ${counted(data.findings.length, 'finding')}: ${data.findings.map((finding) => finding.problem).join('; ')}`,
  'drill-reported': (data: {
    readonly level: DrillLevel;
    readonly findings: readonly Finding[];
    readonly changes: readonly DrillChange[];
    /** What there was no room for here: how much, and where all of it is kept. */
    readonly cut?: { readonly findings: number; readonly changes: number; readonly whole: string };
  }) => {
    const critical = data.findings.filter(({ severity }) => severity === 'critical');
    const others = data.findings.length + (data.cut?.findings ?? 0) - critical.length;
    const changes = data.changes.length + (data.cut?.changes ?? 0);
    return [
      `The ${data.level} found ${critical.length === 0 ? 'no problem' : `${counted(critical.length, 'problem')}: ${critical.map((finding) => finding.problem).join('; ')}`}.`,
      ...(others === 0 ? [] : [`${counted(others, 'more finding')}.`]),
      ...(data.level === 'validate' ? [] : [`${counted(changes, 'resource')} would change.`]),
    ].join(' ');
  },
  'drill-problem': (data: { readonly problem: string }) =>
    `The drill found a problem: ${data.problem}`,
  'stage-began': (data: {
    readonly stage: number;
    readonly name: string;
    readonly direction: Direction;
    readonly steps: readonly string[];
  }) =>
    `${data.direction === 'undo' ? 'Undoing stage' : 'Stage'} "${data.name}" began: ${data.steps.join(', ')}`,
  'stage-ended': (data: {
    readonly stage: number;
    readonly name: string;
    readonly direction: Direction;
    readonly outcome: 'done' | 'failed' | 'stopped';
  }) =>
    `${data.direction === 'undo' ? 'Undoing stage' : 'Stage'} "${data.name}" ended: ${data.outcome}`,
  'heads-anchored': (data: {
    readonly anchor: number;
    readonly heads: Readonly<Record<string, ChainHead>>;
  }) =>
    `Anchor ${data.anchor} fixed the records of ${counted(Object.keys(data.heads).length, 'stream')}.`,

  // A step on its way.
  'step-began': (data: {
    readonly step: string;
    readonly uses: string;
    readonly run: number;
    readonly attempt: number;
    readonly mode: Mode;
    readonly sentence: string;
    readonly undo: UndoSafety;
  }) =>
    `${data.step} began${data.run > 1 || data.attempt > 1 ? ` (run ${data.run}, attempt ${data.attempt})` : ''}: ${data.sentence}`,
  observed: (data: {
    readonly step: string;
    readonly direction: Direction;
    readonly goal: 'met' | 'unmet' | 'moving' | 'blocked';
    readonly sentence: string;
    readonly facts: JsonObject;
  }) => `${data.step} looked: ${data.sentence}`,
  'call-sent': (data: OfCall & { readonly token: number; readonly sentence: string }) =>
    `${data.step} sends: ${data.sentence}`,
  'call-answered': (
    data: OfCall & {
      readonly status: number;
      readonly correlationId?: string;
      readonly operation?: Operation;
    },
  ) =>
    `${data.step}: ${data.call} was answered with ${data.status}${data.operation === undefined ? '' : `; ${data.operation.name} runs`}`,
  'call-lost': (data: OfCall & { readonly code: string; readonly message: string }) =>
    `${data.step}: no answer to ${data.call} (${data.code}); looking for its effect before anything else is sent`,
  'call-resolved': (
    data: OfCall & {
      readonly effect: boolean;
      readonly resolution: string;
      /** Nobody could see whether it had its effect. */
      readonly blind?: true;
    },
  ) =>
    `${data.step}: the unanswered ${data.call} ${data.effect ? 'had its effect' : data.blind === true ? 'may have had its effect' : 'had no effect'}: ${data.resolution}`,
  'call-refused': (
    data: OfCall & {
      readonly code: string;
      readonly message: string;
      readonly status?: number;
      readonly correlationId?: string;
      readonly transient: boolean;
    },
  ) => `${data.step}: ${data.call} was refused (${data.code}): ${data.message}`,
  'operation-progressed': (data: {
    readonly step: string;
    readonly direction: Direction;
    readonly call: string;
    readonly percent?: number;
    readonly sentence: string;
  }) =>
    `${data.step}: ${data.sentence}${data.percent === undefined ? '' : ` (${Math.round(data.percent)} %)`}`,
  'operation-ended': (data: {
    readonly step: string;
    readonly direction: Direction;
    readonly call: string;
    readonly name: string;
    readonly outcome: 'succeeded' | 'failed';
    readonly sentence: string;
    readonly endedAt?: Instant;
  }) => `${data.step}: ${data.name} ${data.outcome}: ${data.sentence}`,
  'step-overdue': (data: {
    readonly step: string;
    readonly direction: Direction;
    readonly sentence: string;
  }) => `${data.step} has not ended in its time, and waits for a person: ${data.sentence}`,

  // A step's end.
  'step-satisfied': (data: { readonly step: string; readonly sentence: string }) =>
    `${data.step} found its goal met by somebody else and called nothing: ${data.sentence}`,
  'step-done': (data: {
    readonly step: string;
    readonly sentence: string;
    readonly proof: JsonObject;
    readonly seconds: number;
    readonly azureSeconds?: number;
    readonly presumed?: boolean;
  }) =>
    `${data.step} is ${data.presumed === true ? 'presumed done' : 'done'} after ${formatSeconds(data.seconds)}: ${data.sentence}`,
  'step-failed': (data: {
    readonly step: string;
    readonly code: string;
    readonly message: string;
  }) => `${data.step} failed (${data.code}): ${data.message}`,
  'step-retried': (data: {
    readonly step: string;
    readonly attempt: number;
    readonly delaySeconds: number;
  }) =>
    `${data.step} is tried again in ${formatSeconds(data.delaySeconds)} (attempt ${data.attempt})`,
  'step-skipped': (data: {
    readonly step: string;
    readonly by: Principal;
    readonly reason: string;
  }) => `${data.by.name} skipped ${data.step}: ${data.reason}`,

  // The way back.
  'undo-began': (data: {
    readonly step: string;
    readonly safety: UndoSafety;
    readonly sentence: string;
  }) => `Undoing ${data.step} began (${data.safety}): ${data.sentence}`,
  'step-undone': (data: {
    readonly step: string;
    readonly sentence: string;
    readonly proof: JsonObject;
    readonly seconds: number;
  }) => `${data.step} is undone after ${formatSeconds(data.seconds)}: ${data.sentence}`,
  'undo-failed': (data: {
    readonly step: string;
    readonly code: string;
    readonly message: string;
  }) => `Undoing ${data.step} failed (${data.code}): ${data.message}`,

  // Fencing, data loss, and what people decide about them.
  'fencing-assessed': (data: Fencing) =>
    `The old side is ${FENCING_WORDS[data.state]}: ${data.observers.map((one) => `${one.observer} sees ${one.sees}`).join('; ')}`,
  'lag-known': (data: {
    readonly boundSeconds: number | null;
    readonly sampledAt?: Instant;
    readonly sampledSeconds?: number;
  }) =>
    data.boundSeconds === null
      ? 'The replication lag is unknown: there is no sample.'
      : `At most ${formatSeconds(data.boundSeconds)} of data may not have reached the other side.`,
  'data-loss-stated': (data: { readonly seconds: number | null; readonly basis: string }) =>
    data.seconds === null
      ? `The data loss is unknown: ${data.basis}`
      : data.seconds === 0
        ? `No data was lost: ${data.basis}`
        : `At most ${formatSeconds(data.seconds)} of data are lost: ${data.basis}`,
  asked: (data: {
    readonly acceptance: Acceptance;
    readonly sentence: string;
    readonly step?: string;
  }) => `Needs a person's word on ${ACCEPTANCE_WORDS[data.acceptance]}: ${data.sentence}`,
  accepted: (data: {
    readonly acceptance: Acceptance;
    readonly by: Principal;
    readonly reason: string;
    readonly upToSeconds?: number | null;
  }) =>
    `${data.by.name} accepted ${ACCEPTANCE_WORDS[data.acceptance]}${typeof data.upToSeconds === 'number' ? ` of up to ${formatSeconds(data.upToSeconds)}` : ''}: ${data.reason}`,

  // Waiting for people, and their orders.
  'approval-awaited': (data: {
    readonly needed: number;
    readonly expiresAt: Instant;
    readonly step?: string;
    readonly onExpiry?: OnExpiry;
    readonly sentence?: string;
  }) =>
    `${data.step === undefined ? 'Waits' : `${data.step} waits`} for ${counted(data.needed, 'approval')} until ${data.expiresAt}${data.sentence === undefined ? '' : `. ${data.sentence}`}`,
  'approval-reminded': (data: {
    readonly reminder: number;
    readonly needed: number;
    readonly given: number;
    readonly expiresAt: Instant;
  }) =>
    `Still waits for people: ${data.given} of ${data.needed} agreed (reminder ${data.reminder}, until ${data.expiresAt})`,
  'approval-expired': (data: {
    readonly step?: string;
    readonly needed: number;
    readonly given: number;
    readonly then: OnExpiry;
    readonly until?: Instant;
  }) =>
    `Only ${data.given} of ${data.needed} people agreed in time${data.step === undefined ? '' : ` to ${data.step}`}; ${EXPIRY_WORDS[data.then]}${data.until === undefined ? '' : ` until ${data.until}`}`,
  paused: (data: {
    readonly why: string;
    readonly step?: string;
    readonly choices: readonly Choice[];
  }) =>
    `Paused: ${data.why} Choices: ${data.choices.map((choice) => `${choice.command} — ${choice.does}`).join('; ')}`,
  reminded: (data: { readonly reminder: number; readonly why: string }) =>
    `Still paused (reminder ${data.reminder}): ${data.why}`,
  resumed: (data: { readonly by: Principal; readonly reason: string }) =>
    `${data.by.name} resumed: ${data.reason}`,
  'command-received': (data: {
    readonly sequence: number;
    readonly command: Command;
    readonly step?: string;
    readonly accept?: Acceptance;
    readonly then?: 'compensate' | 'stay';
    readonly reason: string;
    readonly by: Principal;
  }) => `${data.by.name} ordered ${commandWords(data)}: ${data.reason}`,
  'command-carried-out': (data: {
    readonly sequence: number;
    readonly command: Command;
    readonly step?: string;
  }) => `Order ${data.sequence} (${commandWords(data)}) was carried out`,
  'command-refused': (data: {
    readonly sequence: number;
    readonly command: Command;
    readonly step?: string;
    readonly why: string;
  }) => `Order ${data.sequence} (${commandWords(data)}) was refused: ${data.why}`,
  notified: (data: {
    readonly notification: string;
    readonly what: string;
    readonly outcome: 'delivered' | 'failed';
    readonly attempts: number;
    readonly why?: string;
  }) =>
    data.outcome === 'delivered'
      ? `${data.notification} was told (${data.what})${data.attempts > 1 ? ` at attempt ${data.attempts}` : ''}`
      : `${data.notification} could not be told (${data.what}) in ${counted(data.attempts, 'attempt')}: ${data.why ?? 'no reason is known'}`,
  'mode-changed': (data: {
    readonly from: Mode;
    readonly to: Mode;
    readonly by: Principal;
    readonly reason: string;
  }) => `${data.by.name} changed the execution from ${data.from} to ${data.to}: ${data.reason}`,

  // Our own trouble.
  'fault-met': (data: {
    readonly step?: string;
    readonly tries: number;
    readonly message: string;
  }) =>
    `Switchover broke on ${data.step ?? 'deciding what comes next'} (try ${data.tries}): ${data.message}`,
  'silence-noticed': (data: { readonly expectedAt: Instant; readonly seconds: number }) =>
    `Nothing was heard of this execution for ${formatSeconds(data.seconds)}; everything is looked at again before anything is done`,
  'lock-lost': (data: {
    readonly token: number;
    readonly holder?: string;
    readonly step?: string;
  }) =>
    `The lock is no longer ours (token ${data.token})${data.holder === undefined ? '' : `; ${data.holder} holds it`}. Nothing more is sent.`,
  'orchestrator-lost': (data: { readonly lastSeenAt: Instant; readonly status: string }) =>
    `The orchestration is gone (${data.status}, last seen ${data.lastSeenAt})`,

  // The end.
  'served-again': (data: { readonly site: string; readonly url: string; readonly at: Instant }) =>
    `The application answers through its public name from ${data.site} (${data.url})`,
  'execution-ended': (data: { readonly state: TerminalState; readonly outcome: string }) =>
    `Ended ${data.state}: ${data.outcome}`,
};

export type EventType = keyof typeof CATALOGUE;
export type EventData<T extends EventType> = Parameters<(typeof CATALOGUE)[T]>[0];

/** What happened, before it has a place in a stream. A union over the catalogue: `type` tells `data`. */
export type Happening<T extends EventType = EventType> = {
  [K in T]: { readonly type: K; readonly data: EventData<K> };
}[T];

/** One link of a stream's chain; see chain.ts for what `prev` and `hash` bind. */
export type RecordedEvent<T extends EventType = EventType> = Happening<T> & {
  readonly stream: string;
  /** Counts from 1 without gaps in each stream. */
  readonly sequence: number;
  readonly at: Instant;
  readonly prev: string;
  readonly hash: string;
};

const SENTENCES: { readonly [T in EventType]: (data: EventData<T>) => string } = CATALOGUE;

export function isEventType(text: string): text is EventType {
  return Object.hasOwn(CATALOGUE, text);
}

export function eventSentence<T extends EventType>(event: {
  readonly type: T;
  readonly data: EventData<T>;
}): string {
  return SENTENCES[event.type](event.data);
}

const FENCING_WORDS = {
  fenced: 'fenced',
  presumed: 'presumed stopped',
  unknown: 'not known to have stopped',
} as const satisfies Record<Fencing['state'], string>;

const RESTRAINT_WORDS = {
  held: 'kept everything from starting by itself',
  'hold-lifted': 'let things start by themselves again',
  'cooldown-lifted': "lifted the plan's cool-down",
} as const;

const EXPIRY_WORDS = {
  abort: 'without them it does not go on',
  continue: 'by the plan it goes on without them',
  remind: 'it goes on waiting',
} as const satisfies Record<OnExpiry, string>;

const ACCEPTANCE_WORDS = {
  'data-loss': 'data loss',
  'presumed-fence': 'an old side that is only presumed stopped',
} as const satisfies Record<Acceptance, string>;

function versioned({ planVersion }: { readonly planVersion?: PlanVersion }): string {
  return planVersion === undefined ? '' : ` (version ${planVersion.number})`;
}

function article(words: string): string {
  return words.startsWith('u') ? `an ${words}` : `a ${words}`;
}

function commandWords(order: {
  readonly command: Command;
  readonly step?: string;
  readonly accept?: Acceptance;
  readonly then?: 'compensate' | 'stay';
}): string {
  const object = order.step ?? (order.accept === undefined ? null : ACCEPTANCE_WORDS[order.accept]);
  const then = order.then === undefined ? '' : `, then ${order.then}`;
  return `${order.command}${object === null ? '' : ` ${object}`}${then}`;
}
