import type { Direction } from '../../core/step.ts';
import type { Motion, StepContext } from '../contract.ts';
import { play } from '../validate-http/script.ts';
import { follow } from './follow.ts';
import { CALL, post } from './send.ts';
import type { Way } from './send.ts';
import type { Request, Settings } from './settings.ts';

const LOOK_SECONDS = 10;

interface Sight {
  readonly done: boolean;
  readonly sentence: string;
  /** Nothing tells whether a request that was not answered has arrived. */
  readonly blind: boolean;
}

/** One way of a webhook: `requestOf` is null when nothing is to be sent on it. */
export function motion(
  direction: Direction,
  requestOf: (context: StepContext, settings: Settings) => Request | null,
): Motion<Settings> {
  const sight = async (context: StepContext, settings: Settings): Promise<Sight> => {
    const request = requestOf(context, settings);
    if (request === null) return { done: true, blind: false, sentence: 'Nothing is to be undone.' };
    return look(context, request);
  };
  return {
    async observe(context, settings) {
      const { done, blind, sentence } = await sight(context, settings);
      const goal = done ? 'met' : 'unmet';
      return { goal, sentence, facts: {}, ...(blind ? { blind } : {}) };
    },
    async act(context, settings) {
      const request = requestOf(context, settings);
      if (request === null) return [];
      const way: Way = { direction, request };
      const sentence = `POST ${request.url}`;
      return [{ name: CALL, sentence, send: () => post(context, settings, way) }];
    },
    poll: follow,
    async verify(context, settings) {
      const { done, sentence } = await sight(context, settings);
      return done
        ? { holds: true, sentence, proof: { seen: sentence } }
        : { holds: false, sentence, retryAfterSeconds: LOOK_SECONDS };
    },
  };
}

/** What the observed address says; without one, only what the receiver itself has answered. */
async function look(context: StepContext, { url, observe }: Request): Promise<Sight> {
  if (observe === undefined) {
    const done = context.sent.some(({ ended }) => ended === 'succeeded');
    const open = context.sent.some(({ ended }) => ended === undefined);
    const sentence = done
      ? `${url} says that it is done.`
      : open
        ? 'Nothing tells whether it arrived; it is sent again with the same Idempotency-Key.'
        : 'It has not been sent.';
    return { done, sentence, blind: !done && open };
  }
  const request = {
    name: 'observe',
    method: 'GET',
    url: observe.url,
    headers: {},
    trustAnyCertificate: false,
    expect: observe.expect,
    capture: {},
  } as const;
  const [outcome] = (await play(context, { requests: [request] })).outcomes;
  const problem = outcome?.problem ?? null;
  return problem === null
    ? { done: true, blind: false, sentence: `${observe.url} answers as expected.` }
    : { done: false, blind: false, sentence: `${observe.url}: ${problem}.` };
}
