import type { JsonObject } from '../../../src/core/json.ts';
import type { Fault, World } from '../service.ts';

export type JobScenario =
  | 'UnplannedFailover'
  | 'CommitFailover'
  | 'TestFailover'
  | 'TestFailoverCleanup'
  | 'ApplyRecoveryPoint'
  | 'SwitchReplicationGroupProtection'
  | 'SaveRecoveryPlan'
  | 'PlannedFailover'
  | 'CancelJob';

export interface JobError {
  /** A number as a string. */
  readonly code: string;
  readonly message: string;
}

export type Outcome = 'done' | 'skipped' | JobError;

/** What a task does for one machine. The strands of a task run in parallel. */
export interface Strand {
  readonly label: string;
  readonly seconds: number;
  readonly fault: Fault | null;
  /** Makes the change; after an error nothing may have changed. */
  readonly complete: () => Outcome;
}

export interface TaskPlan {
  readonly name: string;
  readonly friendlyName: string;
  readonly type: 'TaskDetails' | 'GroupTaskDetails';
  /** Asked when the task begins: who failed before is left out. None: the task is skipped. */
  readonly strands: () => readonly Strand[];
}

export interface JobPlan {
  readonly scenario: JobScenario;
  readonly friendlyName: string;
  readonly target: JobTarget;
  readonly tasks: readonly TaskPlan[];
  /** Called once, however it ends. */
  readonly ended: (job: Job) => void;
  /** For `customDetails`, beside instanceType. */
  readonly details?: () => JsonObject;
}

export interface JobTarget {
  readonly id: string;
  readonly name: string;
  readonly type: 'ProtectionEntity' | 'RecoveryPlan' | 'Job';
}

export interface Task {
  readonly id: string;
  readonly plan: TaskPlan;
  state: 'NotStarted' | 'InProgress' | 'Succeeded' | 'Failed' | 'Cancelled' | 'Other';
  startedAt: number | null;
  endedAt: number | null;
  errors: readonly JobError[];
}

export interface Job {
  readonly id: string;
  readonly plan: JobPlan;
  readonly startedAt: number;
  readonly tasks: readonly Task[];
  state: 'InProgress' | 'Succeeded' | 'Failed' | 'Cancelled';
  endedAt: number | null;
  errors: readonly (JobError & { readonly taskId: string; readonly at: number })[];
}

/** Runs the tasks one after the other. A job whose task failed for all its machines ends there. */
export function startJob(world: World, id: string, plan: JobPlan): Job {
  const tasks = plan.tasks.map((task): Task => ({
    id: world.newId(),
    plan: task,
    state: 'NotStarted',
    startedAt: null,
    endedAt: null,
    errors: [],
  }));
  const job: Job = {
    id,
    plan,
    startedAt: world.clock.now(),
    tasks,
    state: 'InProgress',
    endedAt: null,
    errors: [],
  };
  runTask(world, job, 0);
  return job;
}

/** Stops it where it is. What its tasks have changed stays changed. */
export function cancelJob(world: World, job: Job): void {
  if (job.state !== 'InProgress') return;
  for (const task of job.tasks) {
    if (task.state !== 'InProgress') continue;
    task.state = 'Cancelled';
    task.endedAt = world.clock.now();
  }
  endJob(world, job, 'Cancelled');
}

function runTask(world: World, job: Job, index: number): void {
  const task = job.tasks[index];
  if (task === undefined) {
    endJob(world, job, job.errors.length === 0 ? 'Succeeded' : 'Failed');
    return;
  }
  task.state = 'InProgress';
  task.startedAt = world.clock.now();
  const strands = task.plan.strands();
  const outcomes: Outcome[] = [];
  const gather = (outcome: Outcome): void => {
    outcomes.push(outcome);
    if (outcomes.length < strands.length) return;
    const goesOn = endTask(world, job, task, outcomes);
    if (goesOn) runTask(world, job, index + 1);
    else endJob(world, job, 'Failed');
  };
  for (const strand of strands) runStrand(world, job, strand, gather);
  if (strands.length > 0) return;
  endTask(world, job, task, ['skipped']);
  runTask(world, job, index + 1);
}

function runStrand(
  world: World,
  job: Job,
  strand: Strand,
  ended: (outcome: Outcome) => void,
): void {
  const { fault } = strand;
  if (fault?.kind === 'stuck-operation') return;
  const slowness = fault?.kind === 'slow-operation' ? (fault.factor ?? 10) : 1;
  world.after(strand.seconds * slowness, () => {
    if (job.state !== 'InProgress') return;
    ended(fault?.kind === 'fail-operation' ? injected(fault, strand) : strand.complete());
  });
}

function injected(fault: Fault, { label }: Strand): JobError {
  return {
    code: fault.code ?? '28031',
    message: fault.message ?? `${label} failed by an injected fault.`,
  };
}

/** Whether the job goes on. */
function endTask(world: World, job: Job, task: Task, outcomes: readonly Outcome[]): boolean {
  const errors = outcomes.filter((outcome) => typeof outcome === 'object');
  const at = world.clock.now();
  task.endedAt = at;
  task.errors = errors;
  job.errors = [...job.errors, ...errors.map((error) => ({ ...error, taskId: task.id, at }))];
  if (errors.length > 0) task.state = 'Failed';
  else task.state = outcomes.every((outcome) => outcome === 'skipped') ? 'Other' : 'Succeeded';
  return errors.length < outcomes.length;
}

function endJob(world: World, job: Job, state: 'Succeeded' | 'Failed' | 'Cancelled'): void {
  job.state = state;
  job.endedAt = world.clock.now();
  job.plan.ended(job);
}
