import { z } from 'zod';
import { SwitchoverError } from '../core/errors.ts';
import { COMMANDS, DRILL_LEVELS, EXECUTION_STATES } from '../core/execution.ts';
import type { JsonObject } from '../core/json.ts';
import { STEP_STATES } from '../core/step.ts';
import { anchorSchema } from './anchors.ts';

export const EVIDENCE_FORMAT = 'switchover-evidence/1';

/** Evidence is read from JSON text, so an object of any content is a JSON object. */
const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);
const instant = z.iso.datetime({ offset: true });
const seconds = z.number();
export const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['person', 'application', 'key', 'system']),
});
const direction = z.enum(['forward', 'undo']);
const acceptance = z.enum(['data-loss', 'presumed-fence']);

const execution = z.object({
  id: z.string(),
  kind: z.enum(['failover', 'failback', 'drill']),
  mode: z.enum(['planned', 'unplanned']),
  level: z.enum(DRILL_LEVELS).nullable(),
  from: z.string(),
  to: z.string(),
  state: z.enum(EXECUTION_STATES),
  outcome: z.string().nullable(),
  reason: z.string(),
  orchestrationVersion: z.string(),
  firstBadAt: instant.nullable(),
  requestedAt: instant,
  startedAt: instant.nullable(),
  closedAt: instant.nullable(),
  servedAgainAt: instant.nullable(),
  endedAt: instant.nullable(),
});

const finding = z.object({
  severity: z.enum(['critical', 'warning', 'info']),
  resource: z.string(),
  problem: z.string(),
  remedy: z.string(),
  step: z.string().optional(),
});

const drill = z.object({
  /** Of the way back of a live drill: the execution that was the way there. */
  partOf: z.string().nullable(),
  problems: z.array(z.string()),
  findings: z.array(finding),
  changes: z.array(
    z.object({ step: z.string(), resource: z.string(), now: z.string(), then: z.string() }),
  ),
  /** Where the rest is, when it was too much for the record. */
  whole: z.string().nullable(),
});

const decision = z.object({
  sequence: z.int(),
  at: instant,
  by: personSchema,
  command: z.enum(COMMANDS),
  step: z.string().nullable(),
  accept: acceptance.nullable(),
  then: z.enum(['compensate', 'stay']).nullable(),
  reason: z.string(),
  outcome: z.enum(['carried-out', 'refused', 'waiting']),
  why: z.string().nullable(),
});

const phase = z.object({
  name: z.string(),
  from: instant,
  /** Null while it lasts. */
  to: instant.nullable(),
  seconds: seconds.nullable(),
  /** How much of it counts towards the recovery time; null while that is unknown. */
  counted: seconds.nullable(),
});

const recoveryTime = z.object({
  objectiveSeconds: seconds,
  /** First bad observation (or request) to first good answer through the public name; null when there was none. */
  totalSeconds: seconds.nullable(),
  met: z.boolean().nullable(),
  phases: z.array(phase),
  /** Of the total: between and beside the phases. */
  betweenSeconds: seconds.nullable(),
  /** From the moment when traffic was moved to the first good answer: DNS and its caches. */
  dnsSeconds: seconds.nullable(),
  /** From closing the application to the first good answer. */
  downtimeSeconds: seconds.nullable(),
  waitedForPeopleSeconds: seconds,
});

const recoveryPoint = z.object({
  objectiveSeconds: seconds,
  /** Null when unknown. */
  lossSeconds: seconds.nullable(),
  met: z.boolean().nullable(),
  basis: z.array(z.string()),
});

const step = z.object({
  id: z.string(),
  uses: z.string(),
  state: z.enum(STEP_STATES),
  adopted: z.boolean(),
  startedAt: instant.nullable(),
  endedAt: instant.nullable(),
  seconds: seconds.nullable(),
  azureSeconds: seconds.nullable(),
  sentence: z.string(),
  undo: z.enum(['safe', 'degrading', 'lossy', 'impossible']),
  proof: jsonObject.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

const criticalPath = z.object({
  /** The slowest step of each stage, by Azure's own time. */
  parts: z.array(z.object({ stage: z.string(), step: z.string(), seconds })),
  azureSeconds: seconds,
  /** First step's beginning to last step's end. */
  elapsedSeconds: seconds.nullable(),
  /** Elapsed by Azure's own; 1 is the limit. Null when nothing can be compared. */
  overheadRatio: z.number().nullable(),
});

const call = z.object({
  step: z.string(),
  direction,
  attempt: z.int(),
  call: z.string(),
  sentence: z.string(),
  token: z.int(),
  sentAt: instant,
  answeredAt: instant.nullable(),
  outcome: z.enum(['unanswered', 'accepted', 'completed', 'refused', 'resolved']),
  status: z.int().nullable(),
  code: z.string().nullable(),
  correlationId: z.string().nullable(),
  operation: z.string().nullable(),
  resolution: z.string().nullable(),
});

const fencing = z.object({
  state: z.enum(['fenced', 'presumed', 'unknown']),
  at: instant,
  observers: z.array(z.object({ observer: z.string(), sees: z.string(), down: z.boolean() })),
});

/** `sentence` is for people and not bound by the hash: `type` and `data` are. */
const event = z.object({
  stream: z.string(),
  sequence: z.int(),
  at: instant,
  type: z.string(),
  data: jsonObject,
  prev: z.string(),
  hash: z.string(),
  sentence: z.string(),
});

/** Who made the plan what it was; absent where plans come with the package. */
export const planVersionSchema = z.object({
  number: z.int(),
  hash: z.string(),
  by: personSchema,
  at: instant,
  reason: z.string(),
  despite: z.array(z.string()).optional(),
});

export const evidenceSchema = z.object({
  format: z.literal(EVIDENCE_FORMAT),
  writtenAt: instant,
  execution,
  plan: z.object({
    name: z.string(),
    hash: z.string(),
    version: planVersionSchema.optional(),
    document: jsonObject,
  }),
  /** What a drill found and foresaw; null for executions that are none. */
  drill: drill.nullable().default(null),
  requestedBy: personSchema,
  accepted: z.array(z.object({ what: acceptance, by: personSchema, at: instant })),
  decisions: z.array(decision),
  recoveryTime,
  recoveryPoint,
  stages: z.array(z.object({ name: z.string(), steps: z.array(step) })),
  criticalPath,
  calls: z.array(call),
  fencing: fencing.nullable(),
  undone: z.array(z.string()),
  left: z.array(z.string()),
  /** Stream by stream, each in its own order. */
  events: z.array(event),
  heads: anchorSchema.shape.heads,
  anchors: z.array(anchorSchema),
  /** Hash of all the rest. */
  seal: z.string(),
});
export type Evidence = z.infer<typeof evidenceSchema>;

/** Reads an evidence file back; what is not evidence is refused with the first things that are wrong. */
export function parseEvidence(text: string): Evidence {
  const parsed = evidenceSchema.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  const [first, ...rest] = parsed.error.issues;
  const problem =
    first === undefined ? '' : `${first.path.join('.') || 'document'}: ${first.message}`;
  throw notEvidence(`${problem}${rest.length === 0 ? '' : ` (and ${rest.length} more)`}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notEvidence('it is no JSON');
  }
}

function notEvidence(problem: string): SwitchoverError {
  return new SwitchoverError(
    'REQUEST_INVALID',
    `This is no evidence of the form ${EVIDENCE_FORMAT}: ${problem}. Give a file that evidence show --json wrote.`,
  );
}
