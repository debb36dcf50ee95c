import { isTerminal } from '../../src/core/execution.ts';
import type { Choice, ExecutionRecord } from '../../src/core/execution.ts';
import type { VirtualStack } from '../stack/virtual-stack.ts';
import { alertBodies } from './alerts.ts';
import type { HappeningOf } from './happenings.ts';
import type { Answer } from './schedule.ts';
import type { Witness } from './witness.ts';
import { PLAN_NAME, RIVAL_NAME } from './plans.ts';

/** One request to the app's API and what it answered; null when the app died or was down. */
export interface Asked {
  readonly at: number;
  readonly answeredAt: number;
  readonly what: 'start' | 'order' | 'hold' | 'lift-cooldown' | 'alert';
  readonly as: string;
  readonly key: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  readonly execution: string | null;
  readonly status: number | null;
  readonly answer: unknown;
  /** The pause that offered it, when it was an answer to one. */
  readonly offered: string | null;
}

export interface Operators {
  readonly asked: readonly Asked[];
  start(happening: HappeningOf<'start'>): Promise<void>;
  order(happening: HappeningOf<'order'>): Promise<void>;
  terminate(): Promise<void>;
  hold(lift: boolean): Promise<void>;
  liftCooldown(): Promise<void>;
  alert(happening: HappeningOf<'alerts'>): Promise<void>;
  /** Whether the person on call has something to do about this execution. */
  isBusy(): boolean;
}

const BY_NAME = { key: null, execution: null, offered: null } as const;
const RETRY_SECONDS = 60;
const TRIES = 30;

export function createOperators(
  stack: VirtualStack,
  witness: Witness,
  answers: readonly Answer[],
): Operators {
  const asked: Asked[] = [];
  const left = [...answers];
  const answered = new Set<string>();
  let busy = 0;

  const ask = async (
    request: Pick<Asked, 'what' | 'as' | 'key' | 'body' | 'execution' | 'offered'>,
    url: string,
  ): Promise<number | null> => {
    const at = stack.clock.now();
    const { as, key, body } = request;
    const headers = {
      authorization: `Bearer local:${as}`,
      'x-switchover': '1',
      ...(key === null ? {} : { 'idempotency-key': key }),
    };
    const reply = await stack.host.fetch({ url, headers, body }).then(
      (answer) => ({ status: answer.status, answer: answer.json() }),
      // The host died before it answered, or is down.
      () => ({ status: null, answer: null }),
    );
    asked.push({ ...request, ...reply, at, answeredAt: stack.clock.now() });
    return reply.status;
  };
  const order = (
    execution: string,
    as: string,
    body: Readonly<Record<string, unknown>>,
    offered: string | null,
  ): Promise<number | null> =>
    ask(
      { what: 'order', as, key: null, execution, offered, body },
      `/api/executions/${execution}/commands`,
    );

  const onCall = async (
    record: ExecutionRecord,
    answer: Answer,
    question: string,
  ): Promise<void> => {
    busy += 1;
    await stack.clock.sleep(answer.afterSeconds * 1_000);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const now = witness.latest(record.id);
      if (now === undefined || questionOf(now) !== question) break;
      const { as, body } = replyTo(now, answer);
      const status = await order(record.id, as, { ...body, reason: 'on call' }, question);
      if (status !== null && status < 500) break;
      await stack.clock.sleep(RETRY_SECONDS * 1_000);
    }
    busy -= 1;
  };
  witness.onHeader((record) => {
    const question = questionOf(record);
    if (question === null || answered.has(question)) return;
    answered.add(question);
    const answer = left.shift();
    if (answer !== undefined) stack.clock.spawn(() => onCall(record, answer, question));
  });

  return {
    asked,
    isBusy: () => busy > 0,
    async start({ kind, mode, level, as, key, rival }) {
      const drill = level === undefined ? {} : { level };
      const body = { kind, mode, ...drill, reason: 'a simulation' };
      await ask(
        { what: 'start', as, key, body, execution: null, offered: null },
        `/api/plans/${rival === true ? RIVAL_NAME : PLAN_NAME}/executions`,
      );
    },
    async order({ as, command, step, accept, then }) {
      const execution = witness.newest()?.id;
      if (execution === undefined) return;
      const fields = { ...(step && { step }), ...(accept && { accept }), ...(then && { then }) };
      await order(execution, as, { command, ...fields, reason: 'somebody clicked' }, null);
    },
    async hold(lift) {
      const body = { lift, reason: 'a simulation' };
      await ask({ ...BY_NAME, what: 'hold', as: 'operator', body }, '/api/hold');
    },
    async liftCooldown() {
      const body = { lift: true, reason: 'a simulation' };
      const url = `/api/plans/${PLAN_NAME}/cooldown`;
      await ask({ ...BY_NAME, what: 'lift-cooldown', as: 'operator', body }, url);
    },
    async alert(happening) {
      const bodies = alertBodies(happening, stack.clock.now());
      await Promise.all(
        bodies.map((body) =>
          ask({ ...BY_NAME, what: 'alert', as: 'automation', body }, '/api/alerts'),
        ),
      );
    },
    async terminate() {
      const execution = witness.newest();
      if (execution === undefined || isTerminal(execution.state)) return;
      await stack.host
        .fetch({
          method: 'POST',
          url: `/runtime/webhooks/durabletask/instances/${execution.id}/terminate?reason=gone`,
        })
        .catch(() => undefined);
    },
  };
}

/** What the execution waits for a person to say; null when it does not. */
export function questionOf({ id, state, pause, approvals }: ExecutionRecord): string | null {
  if (state === 'paused') return `${id} since ${pause?.since ?? ''}`;
  return state === 'awaiting-approval' ? `${id} approval ${approvals.length}` : null;
}

function replyTo(
  record: ExecutionRecord,
  { pick, then }: Answer,
): { as: string; body: Readonly<Record<string, unknown>> } {
  const { pause } = record;
  if (pause === undefined)
    return {
      // One who may approve, and perhaps is the one who asked.
      as: pick < 0.3 ? 'chief' : 'approver',
      body: { command: pick < 0.8 ? 'approve' : 'reject' },
    };
  const { choices, needs, step } = pause;
  const usable = choices.filter(({ command }) => command !== 'skip' || step !== undefined);
  const chosen: Choice | undefined = usable[Math.floor(pick * usable.length)] ?? usable.at(-1);
  switch (chosen?.command) {
    case 'accept':
      return { as: 'approver', body: { command: 'accept', accept: needs } };
    case 'approve':
    case 'reject':
      return { as: 'approver', body: { command: chosen.command } };
    case 'skip':
      return { as: 'operator', body: { command: 'skip', step } };
    case 'cancel':
      // A choice that names one way only is not asked the other.
      return {
        as: 'operator',
        body: { command: 'cancel', then: offersStay(chosen) ? then : 'compensate' },
      };
    default:
      return { as: 'operator', body: { command: chosen?.command ?? 'resume' } };
  }
}

/** Cancelling a rehearsal that has made something is offered with its clean-up only. */
function offersStay({ does }: Choice): boolean {
  return !does.includes('--then compensate') || does.includes('--then stay');
}
