import { canonicalText } from '../core/canonical.ts';
import { sha256, verifyChain } from '../core/chain.ts';
import { EXECUTION_STREAM } from '../core/events.ts';
import { isTerminal } from '../core/execution.ts';
import { anchorSchema } from './anchors.ts';
import type { Anchor } from './anchors.ts';
import { callKey } from './calls.ts';
import { wrongClaims } from './claims.ts';
import type { Evidence } from './evidence-schema.ts';
import { isSealed } from './seal.ts';

/** What does not hold: on which stream, at which event (null: the document as a whole), and why. */
export interface Flaw {
  readonly stream: string;
  readonly sequence: number | null;
  readonly why: string;
}

const BROKEN_SEAL: Flaw = {
  stream: EXECUTION_STREAM,
  sequence: null,
  why: 'something beside the events (a sentence, a figure, a list) was changed after the document was written',
};

type Streams = ReadonlyMap<string, Evidence['events']>;

/**
 * Recomputes every hash and holds the chains against every anchor: those that the document and its events name, and
 * those given, which should come from the immutable container. Without the latter this proves only that the document
 * agrees with itself; somebody who can rewrite all of it can also rewrite the hashes.
 */
export function verifyEvidence(
  evidence: Evidence,
  anchors: readonly Anchor[] = [],
): readonly Flaw[] {
  const streams = byStream(evidence);
  const named = evidence.events.flatMap((event) => {
    if (event.type !== 'heads-anchored') return [];
    const { execution } = evidence;
    const anchor = anchorSchema.safeParse({ ...event.data, execution: execution.id, at: event.at });
    return anchor.success ? [anchor.data] : [];
  });
  const flaws = [
    ...[...streams].flatMap(([stream, events]) => brokenLinks(stream, events)),
    ...[...anchors, ...evidence.anchors, ...named].flatMap((anchor) =>
      cutOrRewritten(evidence, streams, anchor),
    ),
    ...headsMissing(streams, evidence.heads, 'the record of the execution'),
    ...wrongIdentity(evidence, streams),
    ...wrongCalls(evidence),
    ...wrongClaims(evidence).map((why) => ({ stream: EXECUTION_STREAM, sequence: null, why })),
  ].filter(firstOfItsKind);
  // Whatever breaks something breaks the seal, too: it speaks only when nothing else says where.
  return flaws.length > 0 || isSealed(evidence) ? flaws : [BROKEN_SEAL];
}

/** How many events the anchors fix: the rest came later, and only the chain speaks for it. */
export function anchoredEvents(evidence: Evidence, anchors: readonly Anchor[]): number {
  const fixed = new Map<string, number>();
  for (const [stream, head] of anchors.flatMap((anchor) => Object.entries(anchor.heads))) {
    fixed.set(stream, Math.max(fixed.get(stream) ?? 0, head.sequence));
  }
  return evidence.events.filter((event) => event.sequence <= (fixed.get(event.stream) ?? 0)).length;
}

function byStream(evidence: Evidence): Streams {
  const streams = new Map<string, Evidence['events']>();
  for (const event of evidence.events) {
    streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  }
  return streams;
}

function brokenLinks(stream: string, events: Evidence['events']): readonly Flaw[] {
  const check = verifyChain(events);
  return check.intact ? [] : [{ stream, sequence: check.sequence, why: check.why }];
}

function cutOrRewritten(evidence: Evidence, streams: Streams, anchor: Anchor): readonly Flaw[] {
  const name = `anchor ${anchor.anchor} of ${anchor.at}`;
  if (anchor.execution !== evidence.execution.id) {
    const why = `${name} belongs to execution ${anchor.execution}`;
    return [{ stream: EXECUTION_STREAM, sequence: null, why }];
  }
  return headsMissing(streams, anchor.heads, name);
}

function headsMissing(streams: Streams, heads: Anchor['heads'], whose: string): readonly Flaw[] {
  return Object.entries(heads).flatMap(([stream, head]) => {
    if (head.sequence === 0) return [];
    const event = streams.get(stream)?.find((one) => one.sequence === head.sequence);
    if (event?.hash === head.hash) return [];
    const why =
      event === undefined
        ? `event ${head.sequence} is missing: ${whose} names it as the last one`
        : `event ${head.sequence} is not the one that ${whose} names: the stream was rewritten`;
    return [{ stream, sequence: head.sequence, why }];
  });
}

/** The chain belongs to this execution and this plan, and tells of the end that the document claims. */
function wrongIdentity(evidence: Evidence, streams: Streams): readonly Flaw[] {
  const own = streams.get(EXECUTION_STREAM) ?? [];
  const flaw = (sequence: number | null, why: string): Flaw => ({
    stream: EXECUTION_STREAM,
    sequence,
    why,
  });
  const { execution, plan } = evidence;
  const request = own[0];
  const flaws: Flaw[] = [];
  if (request?.type !== 'execution-requested' || request.data['execution'] !== execution.id) {
    flaws.push(flaw(1, `the first event is not the request of execution ${execution.id}`));
  } else if (request.data['planHash'] !== plan.hash) {
    flaws.push(flaw(1, `the request names another plan than ${plan.hash}`));
  }
  if (sha256(canonicalText(plan.document)) !== plan.hash) {
    flaws.push(flaw(null, `the plan's hash is not ${plan.hash}: the plan was changed`));
  }
  const ended = own.findLast((event) => event.type === 'execution-ended');
  if (
    isTerminal(execution.state) &&
    execution.state !== ended?.data['state'] &&
    ended !== undefined
  ) {
    flaws.push(
      flaw(ended.sequence, `the record ends otherwise than ${execution.state}: ${ended.sentence}`),
    );
  }
  if (isTerminal(execution.state) && ended === undefined && execution.state !== 'refused') {
    flaws.push(flaw(null, `nothing tells of the end (${execution.state}): events are missing`));
  }
  return flaws;
}

/** Every call that is listed was recorded before it was sent, and every one that was recorded is listed. */
function wrongCalls(evidence: Evidence): readonly Flaw[] {
  const sent = new Map(
    evidence.events
      .filter((event) => event.type === 'call-sent')
      .map((event) => [callKey(event.data), event]),
  );
  const listed = new Set(evidence.calls.map(callKey));
  return [
    ...evidence.calls
      .filter((call) => !sent.has(callKey(call)))
      .map((call) => ({
        stream: `step:${call.step}`,
        sequence: null,
        why: `no event tells of sending ${call.call} (attempt ${call.attempt})`,
      })),
    ...[...sent]
      .filter(([key]) => !listed.has(key))
      .map(([, event]) => ({
        stream: event.stream,
        sequence: event.sequence,
        why: `the list of calls leaves out: ${event.sentence}`,
      })),
  ];
}

/** Several anchors name the same event; one complaint about it is enough. */
function firstOfItsKind(flaw: Flaw, index: number, flaws: readonly Flaw[]): boolean {
  return (
    flaw.sequence === null ||
    flaws.findIndex((other) => other.stream === flaw.stream && other.sequence === flaw.sequence) ===
      index
  );
}
