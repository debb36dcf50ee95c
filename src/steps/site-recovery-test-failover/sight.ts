import { z } from 'zod';
import type { ProtectedItem } from '../../azure/access.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Operation } from '../../core/step.ts';
import type { SentCall, StepContext } from '../contract.ts';
import { isTested, lookAtVault, runningJob } from '../site-recovery/items.ts';
import type { Vault } from '../site-recovery/items.ts';
import type { TestFailoverSettings } from '../site-recovery/settings.ts';

/** How far the test failover of the named machines is. */
export interface Tests {
  readonly vault: Vault;
  /** They have a test machine, or what a failed test left, and wait to be cleaned up. */
  readonly tested: readonly ProtectedItem[];
  readonly untested: readonly ProtectedItem[];
  /** A test failover that runs. */
  readonly testing: Operation | null;
  readonly cleaning: Operation | null;
  /** Something else runs. */
  readonly busy: string | null;
}

export async function lookAtTests(
  context: StepContext,
  settings: TestFailoverSettings,
): Promise<Tests> {
  const vault = await lookAtVault(context, settings);
  const [testing, cleaning] = await Promise.all([
    runningJob(context, vault, 'TestFailover'),
    runningJob(context, vault, 'TestFailoverCleanup'),
  ]);
  const held = vault.items.find((item) => item.currentScenario !== null && !isTested(item));
  return {
    vault,
    tested: vault.items.filter(isTested),
    untested: vault.items.filter((item) => !isTested(item)),
    testing,
    cleaning,
    busy:
      held === undefined
        ? null
        : `${held.friendlyName} is busy with ${held.currentScenario?.name} (${held.currentScenario?.jobId})`,
  };
}

const facts = z.object({ tested: z.array(z.string()) });

export function factsOf({ vault, tested }: Tests): JsonObject {
  return {
    tested: tested.map(({ friendlyName }) => friendlyName),
    items: vault.items.map((item) => ({
      name: item.friendlyName,
      testFailover: item.testFailoverState,
      machine: item.testMachineId,
    })),
  };
}

/** Of the tests that stand, those that this execution did not begin: `sent` are its calls on the way there. */
export function foreign(
  { tested }: Tests,
  before: JsonObject | null,
  sent: readonly SentCall[],
): readonly ProtectedItem[] {
  if (!begun(sent)) return tested;
  const stood = facts.safeParse(before).data?.tested ?? [];
  return tested.filter(({ friendlyName }) => stood.includes(friendlyName));
}

/** Whether any test failover of ours can have begun: one that was refused has not. */
export function begun(sent: readonly SentCall[]): boolean {
  return sent.some(({ refused }) => refused !== true);
}
