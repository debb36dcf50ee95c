import type { HttpClient } from '@azure/core-rest-pipeline';
import { instant } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Loaded } from '../../records/partition.ts';
import type { Delivery, Message } from '../../records/outbox.ts';
import { probe } from '../../steps/probe.ts';
import type { Deps } from '../deps.ts';
import { render } from './render.ts';

export interface DeliverDeps extends Pick<Deps, 'clock' | 'log' | 'outbox' | 'executions'> {
  readonly random: () => number;
  readonly http: HttpClient;
  /** Addresses by receiver. */
  readonly webhooks: Readonly<Record<string, string>>;
}

/** A receiver that does not answer costs this long, the others nothing. */
const SEND_SECONDS = 10;
const CLAIM_SECONDS = 60;
const AT_ONCE = 50;
/** Waits after the first, second, … attempt: about two hours in all. */
const BACKOFF_SECONDS = [15, 30, 60, 120, 300, 600, 1200, 2400, 2400] as const;

/** Sends what is due in the outbox. Several instances may: each message is one's at a time. */
export async function deliverNotices(deps: DeliverDeps): Promise<void> {
  const due = await deps.outbox.due(instant(deps.clock.now()), AT_ONCE);
  await Promise.all(due.map((message) => deliverInPeace(deps, message)));
}

async function deliverInPeace(deps: DeliverDeps, message: Loaded<Message>): Promise<void> {
  try {
    await deliver(deps, message);
  } catch (error) {
    // The claim runs out, and somebody tries again.
    const { notification, notice } = message.value;
    deps.log({
      level: 'error',
      message: `${notification} of ${notice.plan} could not be told: ${messageOf(error)}.`,
    });
  }
}

async function deliver(deps: DeliverDeps, found: Loaded<Message>): Promise<void> {
  const message = await deps.outbox.claim(found, later(deps, CLAIM_SECONDS));
  if (message === null) return;
  if (!(await isStillSo(deps, message))) {
    await deps.outbox.close(message, ended(deps, message, 'not-needed'));
    return;
  }
  const sent = await send(deps, message);
  if (sent.is === 'taken') {
    await close(deps, message, ended(deps, message, 'delivered'));
    return;
  }
  const wait = BACKOFF_SECONDS[message.attempts - 1];
  if (sent.is === 'unanswered' && wait !== undefined) {
    // Receivers that were down for all come back to all: not at the same moment.
    await deps.outbox.postpone(message, later(deps, wait * (0.8 + 0.4 * deps.random())));
    return;
  }
  await close(deps, message, { ...ended(deps, message, 'failed'), why: sent.why });
}

/** Who was to be told only if it still waits is not bothered when somebody has come. */
async function isStillSo(deps: DeliverDeps, { notice, stillSince }: Message): Promise<boolean> {
  if (stillSince === undefined || notice.execution === undefined) return true;
  const header = await deps.executions.header(notice.execution);
  const { state, pause } = header?.value ?? {};
  return notice.what === 'paused'
    ? state === 'paused' && pause?.since === stillSince
    : state === notice.what;
}

type Sent =
  { readonly is: 'taken' } | { readonly is: 'unanswered' | 'refused'; readonly why: string };

/** Says of a failure what does not give the address away: the errors of HTTP clients name it. */
async function send(deps: DeliverDeps, message: Message): Promise<Sent> {
  const url = deps.webhooks[message.to];
  if (url === undefined) {
    const why = `the app setting SWITCHOVER_WEBHOOK_${message.to} is missing`;
    return { is: 'refused', why };
  }
  const { status } = await probe(deps, {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(render(message)),
    timeoutSeconds: SEND_SECONDS,
  });
  if (status === null)
    return { is: 'unanswered', why: `${message.to} gave no answer within ${SEND_SECONDS} s` };
  if (status >= 200 && status < 300) return { is: 'taken' };
  const passing = status >= 500 || status === 408 || status === 429;
  return { is: passing ? 'unanswered' : 'refused', why: `${message.to} answered ${status}` };
}

/** The evidence first: who dies in between tells somebody twice, but never without saying so. */
async function close(deps: DeliverDeps, message: Message, delivery: Delivery): Promise<void> {
  const { notification, notice } = message;
  const { outcome, attempts, why, at } = delivery;
  if (outcome === 'failed') {
    const text = `${notification} of ${notice.plan} was not told of ${notice.what}: ${why ?? ''}.`;
    deps.log({ level: 'error', message: text });
  }
  if (notice.execution !== undefined && outcome !== 'not-needed') {
    const because = why === undefined ? {} : { why };
    await deps.executions.notified(notice.execution, at, {
      type: 'notified',
      data: { notification, what: notice.what, outcome, attempts, ...because },
    });
  }
  await deps.outbox.close(message, delivery);
}

function ended(
  { clock }: DeliverDeps,
  { attempts }: Message,
  outcome: Delivery['outcome'],
): Delivery {
  return { outcome, attempts, at: instant(clock.now()) };
}

function later({ clock }: DeliverDeps, seconds: number): string {
  return instant(clock.now() + seconds * 1000);
}
