import { isRecord } from '../json.ts';
import { ACTION } from './protocol.ts';

/**
 * The SDK numbers its tasks while it replays, and the actions that it hands to the host carry no number. Azure derives
 * them by replaying the actions; here they are read where they are given: in the executor of durable-functions 3.x,
 * whose members are private. `watchTasks` refuses an SDK that has moved them.
 */
export interface SdkTask {
  readonly id: number | string | false;
  readonly actionObj: SdkAction | 'noOp';
  readonly parent?: SdkTask;
  readonly children?: readonly SdkTask[];
  readonly retryOptions?: SdkRetryOptions;
  readonly hasResult: boolean;
}

export interface SdkAction {
  readonly actionType: number;
  readonly functionName?: string;
  readonly input?: unknown;
  readonly instanceId?: string;
  readonly version?: string;
  readonly fireAt?: Date;
  readonly isCanceled?: boolean;
  readonly retryOptions?: SdkRetryOptions;
  readonly compoundActions?: readonly SdkAction[];
}

export interface SdkRetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number;
  readonly maxRetryIntervalInMilliseconds?: number;
  readonly retryTimeoutInMilliseconds?: number;
}

export interface TaskWatch {
  /** Every numbered task of the replay, with the orchestration's time when it got its number. */
  readonly tasks: ReadonlyMap<number, { readonly task: SdkTask; readonly at: number }>;
  /** Cumulative since the start of the execution. */
  actions(): readonly SdkAction[];
  /** What the orchestrator waits for now. */
  current(): SdkTask | undefined;
}

interface Executor {
  trackOpenTask(task: SdkTask): void;
  readonly actions: readonly SdkAction[];
  readonly currentTask?: SdkTask;
}

/** Watches the replay that is about to run in this invocation context. */
export function watchTasks(context: object): TaskWatch {
  const tasks = new Map<number, { task: SdkTask; at: number }>();
  let df: unknown;
  let executor: Executor | undefined;
  // The SDK puts its orchestration context here just before it starts to replay.
  Object.defineProperty(context, 'df', {
    configurable: true,
    enumerable: true,
    get: () => df,
    set: (value: unknown) => {
      df = value;
      executor = observe(value, tasks);
    },
  });
  return { tasks, actions: () => executor?.actions ?? [], current: () => executor?.currentTask };
}

function observe(df: unknown, tasks: Map<number, { task: SdkTask; at: number }>): Executor {
  const executor = isRecord(df) ? df['taskOrchestratorExecutor'] : undefined;
  if (!isRecord(df) || !isExecutor(executor)) {
    throw new Error(
      'The local host knows durable-functions 3.5 and its kin; this version keeps its tasks elsewhere. Adapt local/host/durable/sdk-tasks.ts.',
    );
  }
  const track = executor.trackOpenTask.bind(executor);
  executor.trackOpenTask = (task) => {
    track(task);
    if (typeof task.id !== 'number' || task.children !== undefined || tasks.has(task.id)) return;
    tasks.set(task.id, { task, at: Number(df['currentUtcDateTime']) });
  };
  return executor;
}

function isExecutor(value: unknown): value is Executor {
  return (
    isRecord(value) &&
    typeof value['trackOpenTask'] === 'function' &&
    Array.isArray(value['actions'])
  );
}

/** The part of a retried call that a task without an action of its own stands for. */
export interface RetryPart {
  readonly action: SdkAction;
  readonly options: SdkRetryOptions;
  readonly first: SdkTask;
  /** How many attempts have failed before this part. */
  readonly failed: number;
  readonly kind: 'delay' | 'attempt';
}

/** The SDK lists attempt, delay, attempt, delay, … as the children of a retried call. */
export function retryPart(task: SdkTask): RetryPart | undefined {
  const { parent } = task;
  const [first] = parent?.children ?? [];
  if (parent?.retryOptions === undefined || parent.actionObj === 'noOp' || first === undefined)
    return undefined;
  const position = parent.children?.indexOf(task) ?? 0;
  return {
    action: parent.actionObj,
    options: parent.retryOptions,
    first,
    failed: Math.ceil(position / 2),
    kind: position % 2 === 1 ? 'delay' : 'attempt',
  };
}

export function isCancelled(task: SdkTask): boolean {
  for (let each: SdkTask | undefined = task; each !== undefined; each = each.parent) {
    const { actionObj } = each;
    if (
      actionObj !== 'noOp' &&
      actionObj.actionType === ACTION.CreateTimer &&
      actionObj.isCanceled === true
    )
      return true;
  }
  return false;
}
