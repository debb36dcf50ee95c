import type { ProtectedItem } from '../../azure/access.ts';
import type { Call, Motion, StepContext } from '../contract.ts';
import { sentBy } from '../operation.ts';
import { allows, names, planFor } from '../site-recovery/items.ts';
import { followJob } from '../site-recovery/job.ts';
import type { TestFailoverSettings } from '../site-recovery/settings.ts';
import { begun, factsOf, foreign, lookAtTests } from './sight.ts';
import type { Tests } from './sight.ts';

const LOOK_SECONDS = 10;

/**
 * The clean-up. Production is not touched by it. A test failover in flight is seen to its end first; one that failed
 * half-way leaves machines, which are cleaned up as well; what somebody else began is left to them.
 */
export const undo: Motion<TestFailoverSettings> = {
  async observe(context, settings) {
    const tests = await lookAtTests(context, settings);
    const facts = factsOf(tests);
    const running = begun(context.sentThere) ? (tests.testing ?? tests.cleaning) : null;
    if (running !== null) {
      const sentence = `Waits for the end of ${running.name}.`;
      return { goal: 'moving', sentence, facts, operation: running };
    }
    const left = toCleanUp(context, tests);
    return left.length === 0
      ? { goal: 'met', sentence: sentenceOf(tests), facts }
      : { goal: 'unmet', sentence: `${names(left)} wait to be cleaned up.`, facts };
  },

  async act(context, settings) {
    const tests = await lookAtTests(context, settings);
    const left = toCleanUp(context, tests);
    const plan = planFor(tests.vault, left, 'TestFailoverCleanup');
    if (plan !== null) return [cleanUpPlan(context, settings, plan.name)];
    // One that allows nothing is still held by something: it is looked at again.
    return left
      .filter((item) => allows(item, 'TestFailoverCleanup'))
      .map((item) => cleanUpItem(context, item));
  },

  poll: (context, _settings, operation) => followJob(context, operation),

  async verify(context, settings) {
    const tests = await lookAtTests(context, settings);
    const left = toCleanUp(context, tests);
    return left.length === 0
      ? { holds: true, sentence: sentenceOf(tests), proof: factsOf(tests) }
      : {
          holds: false,
          sentence: `${names(left)} are not cleaned up.`,
          retryAfterSeconds: LOOK_SECONDS,
        };
  },
};

function toCleanUp(context: StepContext, tests: Tests): readonly ProtectedItem[] {
  const theirs = foreign(tests, context.before, context.sentThere);
  return tests.tested.filter((item) => !theirs.includes(item));
}

function sentenceOf({ tested }: Tests): string {
  return tested.length === 0
    ? 'No test machine is left.'
    : `No test machine of this execution is left; those of ${names(tested)} are somebody else's.`;
}

function cleanUpPlan(context: StepContext, { vault }: TestFailoverSettings, plan: string): Call {
  const name = 'clean-up';
  return {
    name,
    sentence: `POST testFailoverCleanup of recovery plan ${plan}`,
    send: async (signal) =>
      sentBy(name, await context.azure.siteRecovery.cleanUpTestPlan(vault, plan, signal)),
  };
}

function cleanUpItem(context: StepContext, item: ProtectedItem): Call {
  const name = `clean-up:${item.friendlyName}`;
  return {
    name,
    sentence: `POST testFailoverCleanup of ${item.friendlyName}`,
    send: async (signal) =>
      sentBy(name, await context.azure.siteRecovery.cleanUpTestItem(item.id, signal)),
  };
}
