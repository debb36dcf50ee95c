import { z } from 'zod';
import { instant, secondsBetween } from '../../core/clock.ts';
import { formatSeconds } from '../../core/duration.ts';
import type { StepKind } from '../contract.ts';
import { duration, secondsOf } from '../schema.ts';
import { watching } from '../watching.ts';

const settings = z.strictObject({ for: duration.describe('How long, from the start of the step') });

type Settings = z.infer<typeof settings>;

export const controlWait: StepKind<Settings> = {
  uses: 'control/wait',
  summary: 'Waits for a fixed time.',
  settings,
  effect: 'none',
  makesWritable: false,
  settleSeconds: 0,
  typicalSeconds: (wait) => secondsOf(wait.for),
  resources: () => [],
  permissions: () => [],
  describe: (wait) => `Wait for ${formatSeconds(secondsOf(wait.for))}.`,
  check: async () => [],
  forward: watching(async (context, wait) => {
    const seconds = secondsOf(wait.for);
    const waited = secondsBetween(context.stepStartedAt, instant(context.clock.now()));
    const left = Math.ceil(seconds - waited);
    return left > 0
      ? { holds: false, sentence: `Waits for ${formatSeconds(seconds)}.`, retryAfterSeconds: left }
      : { holds: true, sentence: `${formatSeconds(seconds)} have passed.`, proof: { waited } };
  }),
  undoSafety: () => 'safe',
};
