import { z } from 'zod';
import { ON_EXPIRY } from '../../core/approval.ts';
import { formatSeconds } from '../../core/duration.ts';
import type { Motion, StepContext, StepKind } from '../contract.ts';
import { duration, secondsOf } from '../schema.ts';

const settings = z.strictObject({
  count: z
    .int()
    .min(1)
    .max(10)
    .default(1)
    .describe('How many different people must agree, none of them who asked for the execution'),
  expires: duration.default('30m').describe('How long they have'),
  onExpiry: z
    .enum(ON_EXPIRY)
    .default('abort')
    .describe(
      'When not enough agreed in time. abort: the step fails; continue: it goes on without them; remind: says so and waits as long again',
    ),
  about: z.string().min(1).optional().describe('What they are asked, in words of the plan'),
});

type Settings = z.infer<typeof settings>;

/** A guess: what a rota asks of whoever is on call. */
const TYPICAL_SECONDS = 300;

const forward: Motion<Settings> = {
  async observe(context) {
    const sentence = words(context);
    return sentence === null
      ? { goal: 'unmet', sentence: 'Not enough people have agreed yet.', facts: {} }
      : { goal: 'met', sentence, facts: {} };
  },
  act: async (_context, { count, expires, onExpiry, about = '' }) => ({
    people: { needed: count, expiresSeconds: secondsOf(expires), onExpiry },
    sentence: about,
  }),
  poll: async (_context, _settings, operation) => ({
    is: 'done',
    sentence: `${operation.name} is not this step's.`,
  }),
  async verify(context) {
    const sentence = words(context);
    return sentence === null
      ? { holds: false, sentence: 'Not enough people have agreed yet.', retryAfterSeconds: 60 }
      : {
          holds: true,
          sentence,
          proof: {
            through: context.approval?.through ?? null,
            agreed: (context.approval?.agreed ?? []).map(({ by, at, reason }) => ({
              by: by.name,
              at,
              reason,
            })),
          },
        };
  },
};

/** Who let it go on; null while nobody did. */
function words({ approval }: StepContext): string | null {
  if (approval?.through === undefined) return null;
  const people = approval.agreed.map(({ by }) => by.name).join(', ');
  return approval.through === 'agreed'
    ? `${people} agreed.`
    : `Goes on although only ${approval.agreed.length} of ${approval.needed} agreed in time, as the plan says.`;
}

export const controlApproval: StepKind<Settings> = {
  uses: 'control/approval',
  summary: 'Waits until enough different people agree.',
  settings,
  effect: 'none',
  makesWritable: false,
  settleSeconds: 0,
  typicalSeconds: () => TYPICAL_SECONDS,
  resources: () => [],
  permissions: () => [],
  describe: ({ count, expires, about }) =>
    `Wait up to ${formatSeconds(secondsOf(expires))} for ${count === 1 ? 'one person' : `${count} people`} to agree${about === undefined ? '' : ` to this: ${about}`}`.replace(
      /[^.?!]$/,
      '$&.',
    ),
  check: async () => [],
  forward,
  undoSafety: () => 'safe',
};
