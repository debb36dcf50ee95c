import * as df from 'durable-functions';
import type { OrchestrationContext, Task } from 'durable-functions';

/**
 * The few things that our orchestrators do, with the platform's traps closed (each was observed on a real host):
 * - a task goes into one `any` or `all`, ever: a second one schedules it again;
 * - a losing timer is cancelled: an open one keeps the instance running;
 * - activities get an object, never a bare value: booleans would arrive as text;
 * - no retryTimeout: reaching it hangs the instance; an unregistered name does too, so names come from names.ts;
 * - continueAsNew drops events that were delivered: whoever restarts must read the rows first.
 */
export type Yields<T> = Generator<Task, T, unknown>;

/** Rides out a state store that is away for some minutes; then the orchestration fails and the reaper takes over. */
const PATIENCE = new df.RetryOptions(2_000, 12);
PATIENCE.backoffCoefficient = 2;
PATIENCE.maxRetryIntervalInMilliseconds = 60_000;

export function* callActivity<T>(
  context: OrchestrationContext,
  name: string,
  input: object,
): Yields<T> {
  return (yield context.df.callActivityWithRetry(name, PATIENCE, input)) as T;
}

/** True when the event came, false when the time passed. */
export function* waitForEvent(
  context: OrchestrationContext,
  event: string,
  seconds: number,
): Yields<boolean> {
  const timer = context.df.createTimer(after(context, seconds));
  const wake = context.df.waitForExternalEvent(event);
  const first = yield context.df.Task.any([wake, timer]);
  const woken = first === wake;
  if (woken) timer.cancel();
  return woken;
}

/** Runs children side by side and waits for all; children do not throw (see their orchestrators). */
export function* callChildren(
  context: OrchestrationContext,
  name: string,
  children: readonly { readonly id: string; readonly input: object }[],
): Yields<void> {
  const tasks = children.map((child) =>
    context.df.callSubOrchestrator(name, child.input, child.id),
  );
  const [only] = tasks;
  if (only !== undefined && tasks.length === 1) yield only;
  else if (tasks.length > 1) yield context.df.Task.all(tasks);
}

function after(context: OrchestrationContext, seconds: number): Date {
  return new Date(context.df.currentUtcDateTime.getTime() + seconds * 1000);
}
