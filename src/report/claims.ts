import type { z } from 'zod';
import { canonicalText } from '../core/canonical.ts';
import { secondsBetween } from '../core/clock.ts';
import { EXECUTION_STREAM } from '../core/events.ts';
import type { EventType } from '../core/events.ts';
import { isTerminal } from '../core/execution.ts';
import type { Json } from '../core/json.ts';
import { versionWords } from '../core/plan-version.ts';
import { personSchema, planVersionSchema } from './evidence-schema.ts';
import type { Evidence } from './evidence-schema.ts';

type Event = Evidence['events'][number];

/** Something that the document says in front, and what follows from the chain's events. */
interface Claim {
  readonly name: string;
  readonly said: Json;
  readonly recorded: Json;
}

/**
 * Where the page in front (who asked and why, how it ended, how long, how much was lost) says otherwise than the
 * events, which the chain binds. Only of an execution that has ended: before that, events are newer than what is read
 * beside them.
 */
export function wrongClaims(evidence: Evidence): readonly string[] {
  if (!isTerminal(evidence.execution.state)) return [];
  const own = evidence.events.filter((event) => event.stream === EXECUTION_STREAM);
  const request = last(own, 'execution-requested');
  if (request === undefined) return [];
  return [...ofRequest(evidence, request, own), ...ofEnd(evidence, request, own)]
    .filter(({ said, recorded }) => canonicalText(said) !== canonicalText(recorded))
    .map(
      ({ name, said, recorded }) =>
        `${name} is given as ${JSON.stringify(said)}, but its events say ${JSON.stringify(recorded)}`,
    );
}

function ofRequest(
  { execution, requestedBy, plan }: Evidence,
  { at, data }: Event,
  own: readonly Event[],
): readonly Claim[] {
  const by = personSchema.safeParse(data['by']);
  const version = planVersionSchema.safeParse(data['planVersion']);
  const mode = last(own, 'mode-changed')?.data['to'] ?? data['mode'];
  return [
    {
      name: 'plan version',
      said: plan.version === undefined ? null : versionText(plan.version),
      recorded: version.success ? versionText(version.data) : null,
    },
    { name: 'requestedBy', said: requestedBy, recorded: by.success ? by.data : null },
    { name: 'reason', said: execution.reason, recorded: data['reason'] ?? null },
    { name: 'kind', said: execution.kind, recorded: data['kind'] ?? null },
    { name: 'mode', said: execution.mode, recorded: mode ?? null },
    { name: 'from', said: execution.from, recorded: data['from'] ?? null },
    { name: 'to', said: execution.to, recorded: data['to'] ?? null },
    { name: 'requestedAt', said: execution.requestedAt, recorded: at },
    { name: 'firstBadAt', said: execution.firstBadAt, recorded: data['firstBadAt'] ?? null },
  ];
}

function versionText(version: z.infer<typeof planVersionSchema>): string {
  return `${versionWords(version)} (${version.hash})`;
}

function ofEnd(
  { execution, recoveryTime, recoveryPoint }: Evidence,
  request: Event,
  own: readonly Event[],
): readonly Claim[] {
  const ended = last(own, 'execution-ended');
  const served = last(own, 'served-again')?.data['at'] ?? null;
  const began = request.data['firstBadAt'] ?? request.at;
  return [
    ...(ended === undefined
      ? []
      : [{ name: 'outcome', said: execution.outcome, recorded: ended.data['outcome'] ?? null }]),
    { name: 'servedAgainAt', said: execution.servedAgainAt, recorded: served },
    { name: 'recovery time', said: recoveryTime.totalSeconds, recorded: between(began, served) },
    { name: 'data loss', said: recoveryPoint.lossSeconds, recorded: worstLoss(own) },
  ];
}

/** Null, too, where somebody has put something else in a time's place: the chain says so itself. */
function between(from: Json, to: Json): number | null {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const seconds = secondsBetween(from, to);
  return Number.isNaN(seconds) ? null : seconds;
}

/** Unknown beats any number; null, too, when nothing was said of it. */
function worstLoss(own: readonly Event[]): number | null {
  const losses = own
    .filter(({ type }) => type === ('data-loss-stated' satisfies EventType))
    .map(({ data }) => data['seconds']);
  return losses.reduce<number | null>(
    (worst, seconds) =>
      worst === null || typeof seconds !== 'number' ? null : Math.max(worst, seconds),
    losses.length === 0 ? null : 0,
  );
}

function last(events: readonly Event[], type: EventType): Event | undefined {
  return events.findLast((event) => event.type === type);
}
