import type { Clock } from '../../src/core/clock.ts';
import { createAzureIdentities } from '../../src/azure/identities.ts';
import { newExecutionId } from '../../src/core/execution-id.ts';
import { advance } from '../../src/orchestration/execution/advance.ts';
import type { DurableDoor } from '../../src/orchestration/door.ts';
import { createPinnedPlans } from '../../src/orchestration/pinned.ts';
import type { StartDeps } from '../../src/orchestration/start/order.ts';
import { turn } from '../../src/orchestration/step/turn.ts';
import type { StepRun } from '../../src/orchestration/next.ts';
import type { Platform } from '../../src/platform.ts';
import { createDrills } from '../../src/records/drills.ts';
import { createEndedExecutions } from '../../src/records/ended.ts';
import { createExecutions } from '../../src/records/executions.ts';
import { createIdempotency } from '../../src/records/idempotency.ts';
import { createLocks } from '../../src/records/locks.ts';
import { createOutbox } from '../../src/records/outbox.ts';
import { createPlanStates } from '../../src/records/plan-state.ts';
import { createRestraints } from '../../src/records/restraints.ts';

export function depsOf(platform: Platform): StartDeps {
  const { clock, random, log, http, probes, dns, settings, tables, blobs } = platform;
  const executions = createExecutions(tables, blobs);
  const azureAs = createAzureIdentities({ settings, http, clock, random, log });
  return {
    clock,
    random,
    log,
    http: probes,
    dns,
    blobs,
    executions,
    secret: platform.secrets,
    publicResolvers: settings.SWITCHOVER_PUBLIC_RESOLVERS.split(','),
    azure: azureAs('watch'),
    azureAs,
    locks: createLocks(tables),
    outbox: createOutbox(tables),
    notificationsOf: async () => null,
    newestVersion: async () => null,
    planStates: createPlanStates(tables),
    drills: createDrills(tables),
    ended: createEndedExecutions(tables),
    restraints: createRestraints(tables),
    pinned: createPinnedPlans(executions),
    idempotency: createIdempotency(tables),
    newId: () => newExecutionId(clock.now(), random),
  };
}

/** The activities without Durable Functions: what the orchestrators do, as plain loops. For tests of the rules. */
export async function drive(
  deps: StartDeps,
  clock: Clock,
  executionId: string,
  rounds = 200,
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const next = await advance(deps, executionId);
    if (next.do === 'end') return;
    if (next.do === 'wait') return;
    await Promise.all(next.steps.map((run) => driveStep(deps, clock, run)));
  }
  throw new Error(
    `Execution ${executionId} did not come to an end or a pause in ${rounds} rounds.`,
  );
}

async function driveStep(deps: StartDeps, clock: Clock, run: StepRun): Promise<void> {
  for (;;) {
    const next = await turn(deps, run);
    if (next.do === 'end') return;
    await clock.sleep(next.seconds * 1000);
  }
}

/** A door that only remembers; `drive` is called by the test. */
export const noDoor: DurableDoor = {
  start: async () => undefined,
  wake: async () => undefined,
  status: async () => 'running',
};
