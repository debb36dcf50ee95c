import { app } from '@azure/functions';
import * as df from 'durable-functions';
import type { Deps } from './deps.ts';
import { advance } from './execution/advance.ts';
import {
  ADVANCE_ACTIVITY,
  BATCH_ORCHESTRATOR,
  EXECUTION_ORCHESTRATOR,
  STEP_ORCHESTRATOR,
  TURN_ACTIVITY,
} from './names.ts';
import type { ExecutionInput, StepRun } from './next.ts';
import { batch, execution } from './orchestrators/execution.ts';
import { step } from './orchestrators/step.ts';
import { turn } from './step/turn.ts';

/** Tells the host of the orchestrators and their activities. */
export function registerOrchestration(deps: Deps): void {
  df.app.orchestration(EXECUTION_ORCHESTRATOR, execution);
  df.app.orchestration(BATCH_ORCHESTRATOR, batch);
  df.app.orchestration(STEP_ORCHESTRATOR, step);
  df.app.activity(ADVANCE_ACTIVITY, {
    handler: ({ executionId }: ExecutionInput) => advance(deps, executionId),
  });
  df.app.activity(TURN_ACTIVITY, { handler: (run: StepRun) => turn(deps, run) });
}

/** Work that is done by the clock. `run` gets what it needs of Durable for this invocation. */
export function registerTimer(
  name: string,
  schedule: string,
  run: (context: Parameters<Parameters<typeof app.timer>[1]['handler']>[1]) => Promise<void>,
): void {
  app.timer(name, {
    schedule,
    runOnStartup: false,
    extraInputs: [df.input.durableClient()],
    handler: (_timer, context) => run(context),
  });
}
