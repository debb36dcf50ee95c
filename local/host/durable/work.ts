import { ACTION } from './protocol.ts';
import { isCancelled, retryPart } from './sdk-tasks.ts';
import type { RetryPart, SdkAction, SdkTask, TaskWatch } from './sdk-tasks.ts';

/** What an orchestrator asks the host to do, under the number that the SDK gave it. */
export type Work =
  | {
      readonly kind: 'activity';
      readonly id: number;
      readonly name: string;
      readonly input: string | null;
    }
  | {
      readonly kind: 'sub-orchestration';
      readonly id: number;
      readonly name: string;
      readonly input: string | null;
      readonly instance?: string;
      readonly version?: string;
    }
  | {
      readonly kind: 'timer';
      readonly id: number;
      readonly fireAt: number;
      readonly cancelled: boolean;
    }
  /** The real host leaves a retry whose time has run out without an answer: the orchestrator waits for ever. */
  | { readonly kind: 'abandoned-retry'; readonly id: number; readonly name: string };

/** Everything that the replay has asked for, in order. */
export function workOf(watch: TaskWatch): Work[] {
  return [...watch.tasks]
    .sort(([left], [right]) => left - right)
    .map(([id, { task, at }]) => workOfTask(id, task, at, watch));
}

function workOfTask(id: number, task: SdkTask, at: number, watch: TaskWatch): Work {
  const part = retryPart(task);
  if (part?.kind === 'delay') {
    const fireAt = retryAt(part, at, watch);
    if (fireAt === null)
      return { kind: 'abandoned-retry', id, name: part.action.functionName ?? '' };
    return { kind: 'timer', id, fireAt, cancelled: false };
  }
  const action = part?.action ?? task.actionObj;
  if (action === 'noOp')
    throw new Error(`Task ${id} of the SDK stands for nothing that the local host knows.`);
  return workOfAction(id, action, task);
}

function workOfAction(id: number, action: SdkAction, task: SdkTask): Work {
  const name = action.functionName ?? '';
  switch (action.actionType) {
    case ACTION.CallActivity:
    case ACTION.CallActivityWithRetry:
      return { kind: 'activity', id, name, input: activityInput(action.input) };
    case ACTION.CallSubOrchestrator:
    case ACTION.CallSubOrchestratorWithRetry:
      return {
        kind: 'sub-orchestration',
        id,
        name,
        input: action.input === undefined ? null : JSON.stringify(action.input),
        ...(action.instanceId ? { instance: action.instanceId } : {}),
        ...(action.version === undefined ? {} : { version: action.version }),
      };
    case ACTION.CreateTimer:
      return { kind: 'timer', id, fireAt: Number(action.fireAt), cancelled: isCancelled(task) };
    default:
      throw new Error(`The local host does not run actions of type ${action.actionType}.`);
  }
}

/** The SDK has already encoded strings; a bare boolean reaches the activity as .NET spells it. */
function activityInput(input: unknown): string | null {
  if (input === undefined || input === null) return null;
  if (typeof input === 'string') return input;
  if (typeof input === 'boolean') return input ? 'True' : 'False';
  return JSON.stringify(input);
}

/** Null when the retry's own time-out has passed: the extension then schedules nothing any more. */
function retryAt(part: RetryPart, failedAt: number, watch: TaskWatch): number | null {
  const { options, failed } = part;
  // The SDK waits for a timer even after the last failure; the extension sets it to now.
  if (failed >= options.maxNumberOfAttempts) return failedAt;
  const firstAt =
    typeof part.first.id === 'number' ? (watch.tasks.get(part.first.id)?.at ?? failedAt) : failedAt;
  if (failedAt >= firstAt + (options.retryTimeoutInMilliseconds ?? Infinity)) return null;
  const delay =
    options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** (failed - 1);
  return failedAt + Math.min(delay, options.maxRetryIntervalInMilliseconds ?? Infinity);
}
