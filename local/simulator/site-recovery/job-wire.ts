import type { Json, JsonObject } from '../../../src/core/json.ts';
import type { Subject } from './commit.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import type { Job, JobError, Task } from './jobs.ts';
import type { Operation } from './operations.ts';
import type { Vault } from './vault.ts';
import { UNSET, fine, whole } from './wire-time.ts';

/** In a list the tasks are empty and the details missing: get the job for them. */
export function jobJson(
  vault: Vault,
  { job, clientRequestId, correlationId }: Operation,
  from: 'get' | 'list',
): JsonObject {
  const { plan, state } = job;
  return {
    id: jobId(vault, job.id),
    name: job.id,
    type: 'Microsoft.RecoveryServices/vaults/replicationJobs',
    properties: {
      activityId: `${clientRequestId} ActivityId: ${correlationId}`,
      scenarioName: plan.scenario,
      friendlyName: plan.friendlyName,
      state,
      stateDescription: state === 'Succeeded' ? 'Completed' : state,
      tasks: from === 'get' ? job.tasks.map((each) => taskJson(job, each)) : [],
      errors: job.errors.map((error) => errorJson(job, error)),
      startTime: fine(job.startedAt),
      ...(job.endedAt !== null && { endTime: whole(job.endedAt) }),
      allowedActions: state === 'InProgress' ? ['Cancel'] : [],
      targetObjectId: plan.target.id,
      targetObjectName: plan.target.name,
      targetInstanceType: plan.target.type,
      ...(from === 'get' && {
        customDetails: plan.details?.() ?? { instanceType: 'AsrJobDetails' },
      }),
    },
  };
}

export function jobId(vault: Vault, name: string): string {
  return `${vault.id.replace(/^\/subscriptions/i, '/Subscriptions')}/replicationJobs/${name}`;
}

function taskJson(job: Job, task: Task): JsonObject {
  const { name, friendlyName, type } = task.plan;
  return {
    taskId: task.id,
    name,
    startTime: task.startedAt === null ? UNSET : fine(task.startedAt),
    endTime: task.endedAt === null ? UNSET : whole(task.endedAt),
    allowedActions: [],
    friendlyName,
    state: task.state,
    stateDescription:
      task.state === 'Other' ? 'Skipped' : task.state === 'Succeeded' ? 'Completed' : task.state,
    taskType: type,
    customDetails: null,
    groupTaskCustomDetails: null,
    errors: task.errors.map((error) =>
      errorJson(job, { ...error, taskId: task.id, at: task.endedAt ?? job.startedAt }),
    ),
  };
}

function errorJson(
  job: Job,
  error: JobError & { readonly taskId: string; readonly at: number },
): JsonObject {
  const { code, message, taskId, at } = error;
  const advice = {
    possibleCauses: '',
    recommendedAction: 'Resolve the error and retry the operation.',
  };
  return {
    serviceErrorDetails: { code, message, ...advice, activityId: job.id },
    providerErrorDetails: null,
    errorLevel: 'Error',
    creationTime: fine(at),
    taskId,
  };
}

/** Filled at completion only. */
export function failoverDetails(subjects: readonly Subject[]): JsonObject {
  const done = subjects.filter(({ item }) => item.busy === null && item.failoverPoint !== null);
  return {
    instanceType: 'FailoverJobDetails',
    protectedItemDetails: done.map(({ item }) => failedOver(item)),
  };
}

function failedOver(item: ProtectedItem): Json {
  return {
    name: item.name,
    friendlyName: item.friendlyName,
    networkConnectionStatus: 'None',
    recoveryPointId: item.failoverPoint === null ? null : pointId(item, item.failoverPoint.name),
    recoveryPointTime: item.failoverPoint === null ? null : fine(item.failoverPoint.at),
  };
}

export function pointId(item: ProtectedItem, name: string): string {
  return `${itemId(item)}/recoveryPoints/${name}`;
}

export function testFailoverDetails(
  subjects: readonly Subject[],
  networkId: string | null,
): JsonObject {
  const tested = subjects.filter(({ item }) => item.testMachineId !== null);
  return {
    instanceType: 'TestFailoverJobDetails',
    testFailoverStatus: tested.length === subjects.length ? 'WaitingForCompletion' : 'None',
    networkName: networkId?.split('/').at(-1) ?? null,
    protectedItemDetails: tested.map(({ item }) => ({
      name: item.name,
      friendlyName: item.friendlyName,
      testVmName: `${item.friendlyName}-test`,
      networkConnectionStatus: 'Success',
    })),
  };
}

/** The way to find an item after it has moved. */
export function reprotectDetails(movedId: string | null): JsonObject {
  return { instanceType: 'SwitchProtectionJobDetails', newReplicationProtectedItemId: movedId };
}
