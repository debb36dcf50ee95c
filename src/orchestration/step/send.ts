import { AzureError } from '../../azure/errors.ts';
import { IN_TIME, instant } from '../../core/clock.ts';
import type { Instant } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import type { AttemptRecord, Operation, StepRecord } from '../../core/step.ts';
import type { StepPage } from '../../records/executions.ts';
import type { Loaded } from '../../records/partition.ts';
import type { Call, Observation, Sent } from '../../steps/contract.ts';
import type { StepNext } from '../next.ts';
import { attemptFailed, hold } from './fail.ts';
import { CALL_SECONDS } from './settling.ts';
import { changed, firstSight } from './sight.ts';
import { openPage } from './page.ts';
import type { Page } from './page.ts';

/** A lost answer's effect is looked for soon, and then until the kind's settle time has passed. */
const FIRST_LOOK_SECONDS = 2;

type Answer =
  | { readonly call: Call; readonly sent: Sent }
  | { readonly call: Call; readonly trouble: AzureError };

/**
 * Sends calls that may run together. The rows that tell of them come first, the lock's token is checked last, and
 * each is sent once: a row without an answer is resolved by looking, never by calling again.
 */
export async function send(
  page: Page,
  seen: Observation,
  calls: readonly Call[],
): Promise<StepNext> {
  const { deps, header, step } = page;
  const sentAt = instant(deps.clock.now());
  const attempts = calls.map((call) => attemptOf(page, call, sentAt));
  await page.save(
    {
      touched: step.touched || step.direction === 'forward',
      sentence: seen.sentence,
      ...firstSight(page, seen),
    },
    [
      ...changed(page, seen),
      ...calls.flatMap((call) => [...lagEvent(call), sentEvent(page, call)]),
    ],
    { newAttempts: attempts },
  );
  if (!(await deps.locks.holds(header.plan, header.id, header.token))) return lockLost(page);
  const answers = await page.asking(() => Promise.all(calls.map((call) => sendOne(page, call))));
  return record(page, answers);
}

async function sendOne(page: Page, call: Call): Promise<Answer> {
  const limit = new AbortController();
  const answered = new AbortController();
  const timer = page.deps.clock
    .sleep(CALL_SECONDS * 1000, answered.signal)
    .then(() => limit.abort(new Error(`no answer within ${CALL_SECONDS} s`)))
    .catch(() => undefined);
  try {
    return { call, sent: await call.send(limit.signal) };
  } catch (error) {
    return { call, trouble: error instanceof AzureError ? error : unforeseen(call, error) };
  } finally {
    answered.abort(IN_TIME);
    await timer;
  }
}

/** A bug or a broken answer after the request left: whether it had its effect is not known. */
function unforeseen(call: Call, error: unknown): AzureError {
  return new AzureError({
    effect: 'lost',
    code: 'ANSWER_UNREADABLE',
    message: error instanceof Error ? error.message : String(error),
    operation: call.sentence,
    cause: error,
  });
}

/** The page that was open before the calls is stale by now: its rows are read anew to write the answers. */
async function record(page: Page, answers: readonly Answer[]): Promise<StepNext> {
  const { deps, header, step } = page;
  const fresh = await openPage(deps, { executionId: header.id, stepId: step.id, run: step.run });
  if (fresh === null) return recordLate(page, answers);
  const at = instant(deps.clock.now());
  const attempts = answeredAttempts(fresh.attempts, step, answers, at);
  const events = answers.map((answer) => answerEvent(page, answer));
  const operations = operationsOf(step, answers);
  const refusals = answers.flatMap((answer) =>
    'trouble' in answer && answer.trouble.effect !== 'lost' ? [answer.trouble] : [],
  );
  const lost = answers.some((answer) => 'trouble' in answer && answer.trouble.effect === 'lost');
  const [refusal] = refusals;
  // What was accepted beside a refusal must end before anything else is tried.
  if (refusal !== undefined && operations.length === 0 && !lost) {
    return attemptFailed(
      fresh,
      {
        error: refusal.asStepError,
        transient: refusal.transient,
        retryAfterSeconds:
          refusal.effect === 'throttled' ? (refusal.retryAfterSeconds ?? 10) : null,
      },
      events,
      { attempts },
    );
  }
  const waiting = operations.length > 0;
  await fresh.save(
    {
      operations,
      ...(waiting && step.direction === 'forward' ? { state: 'waiting' } : {}),
      expectedAt: at,
    },
    events,
    { attempts },
  );
  return { do: 'again', seconds: lost && !waiting ? FIRST_LOOK_SECONDS : 0 };
}

/**
 * The step was stopped or started anew while the call was under way. What came of the call is recorded all the same, and
 * its operation is left for whoever looks next.
 */
async function recordLate(page: Page, answers: readonly Answer[]): Promise<StepNext> {
  const { deps, header, step } = page;
  const rows = await deps.executions.step(header.id, step.id);
  if (rows === null) return { do: 'end' };
  const at = instant(deps.clock.now());
  const { value } = rows.step;
  await deps.executions.write(header.id, at, {
    steps: [
      {
        before: rows.step,
        after: { ...value, operations: [...value.operations, ...operationsOf(step, answers)] },
        events: answers.map((answer) => answerEvent(page, answer)),
      },
    ],
    attempts: answeredAttempts(rows.attempts, step, answers, at),
  });
  return { do: 'end' };
}

function operationsOf(step: StepRecord, answers: readonly Answer[]): Operation[] {
  return answers.flatMap((answer) =>
    'sent' in answer && answer.sent.operation !== undefined
      ? [{ ...answer.sent.operation, direction: step.direction }]
      : [],
  );
}

function answeredAttempts(
  attempts: StepPage['attempts'],
  step: StepRecord,
  answers: readonly Answer[],
  at: Instant,
): { before: Loaded<AttemptRecord>; after: AttemptRecord }[] {
  const byName = new Map(answers.map((answer) => [answer.call.name, answer]));
  return attempts.flatMap((before) => {
    const { direction, attempt, call, outcome } = before.value;
    const answer = byName.get(call);
    const ours =
      direction === step.direction && attempt === step.attempt && outcome === 'unanswered';
    return ours && answer !== undefined
      ? [{ before, after: answered(before.value, answer, at) }]
      : [];
  });
}

function attemptOf(page: Page, call: Call, sentAt: string): AttemptRecord {
  const { id, direction, attempt } = page.step;
  return {
    step: id,
    direction,
    attempt,
    call: call.name,
    token: page.header.token,
    sentAt,
    outcome: 'unanswered',
  };
}

function answered(attempt: AttemptRecord, answer: Answer, at: string): AttemptRecord {
  if ('sent' in answer) {
    const { operation, status, correlationId } = answer.sent;
    return {
      ...attempt,
      outcome: operation === undefined ? 'completed' : 'accepted',
      answeredAt: at,
      status,
      ...(correlationId === undefined ? {} : { correlationId }),
      ...(operation === undefined ? {} : { operation }),
    };
  }
  const { trouble } = answer;
  if (trouble.effect === 'lost')
    return { ...attempt, answeredAt: at, code: trouble.code, message: trouble.message };
  return {
    ...attempt,
    outcome: 'refused',
    answeredAt: at,
    transient: trouble.transient,
    code: trouble.code,
    message: trouble.message,
    ...(trouble.status === null ? {} : { status: trouble.status }),
    ...(trouble.correlationId === null ? {} : { correlationId: trouble.correlationId }),
  };
}

function ofCall(
  page: Page,
  call: Call,
): { step: string; direction: 'forward' | 'undo'; call: string; attempt: number } {
  const { id, direction, attempt } = page.step;
  return { step: id, direction, call: call.name, attempt };
}

function sentEvent(page: Page, call: Call): Happening {
  return {
    type: 'call-sent',
    data: { ...ofCall(page, call), token: page.header.token, sentence: call.sentence },
  };
}

/** What is known beforehand; what was lost is stated when the whole is done. */
function lagEvent({ mayLose }: Call): Happening[] {
  if (mayLose === undefined) return [];
  if (mayLose === null) return [{ type: 'lag-known', data: { boundSeconds: null } }];
  const { seconds, sampledAt, sampledSeconds } = mayLose;
  return [{ type: 'lag-known', data: { boundSeconds: seconds, sampledAt, sampledSeconds } }];
}

function answerEvent(page: Page, answer: Answer): Happening {
  const of = ofCall(page, answer.call);
  if ('sent' in answer) {
    const { status, correlationId, operation } = answer.sent;
    return {
      type: 'call-answered',
      data: {
        ...of,
        status,
        ...(correlationId === undefined ? {} : { correlationId }),
        ...(operation === undefined ? {} : { operation }),
      },
    };
  }
  const { code, message, effect, status, correlationId, transient } = answer.trouble;
  if (effect === 'lost') return { type: 'call-lost', data: { ...of, code, message } };
  return {
    type: 'call-refused',
    data: {
      ...of,
      code,
      message,
      transient,
      ...(status === null ? {} : { status }),
      ...(correlationId === null ? {} : { correlationId }),
    },
  };
}

/** Somebody else holds the plan: nothing was sent, and the rows say so. */
async function lockLost(page: Page): Promise<StepNext> {
  const { deps, header, step } = page;
  const fresh = await openPage(deps, { executionId: header.id, stepId: step.id, run: step.run });
  if (fresh === null) return { do: 'end' };
  return hold(
    fresh,
    { why: 'lock-lost' },
    'The lock on the plan is no longer held by this execution.',
    [{ type: 'lock-lost', data: { token: header.token, step: step.id } }],
  );
}
