import type { InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { SwitchoverError, messageOf } from '../core/errors.ts';
import type { DurableDoor } from '../orchestration/door.ts';
import { EXECUTION_ORCHESTRATOR, WAKE_EVENT } from '../orchestration/names.ts';

/** The part of Durable's client that is used here. */
export interface Client {
  startNew(name: string, options: { instanceId: string; input: unknown }): Promise<string>;
  raiseEvent(id: string, name: string, data: unknown): Promise<void>;
  getStatus(id: string, options: { showInput: boolean }): Promise<{ runtimeStatus: string }>;
}

/** The door for one invocation of a function that has Durable's client among its inputs. */
export function doorOf(context: InvocationContext): DurableDoor {
  // Made at first use: most looks start nothing, and the client checks a dozen addresses when it is made.
  let made: DurableDoor | undefined;
  const door = (): DurableDoor => (made ??= durableDoor(df.getClient(context)));
  return {
    status: (executionId) => door().status(executionId),
    start: (executionId) => door().start(executionId),
    wake: (executionId) => door().wake(executionId),
  };
}

/** Durable's client behind our own words; its status URLs, which can end an orchestration, stay here. */
export function durableDoor(client: Client): DurableDoor {
  const status: DurableDoor['status'] = async (id) => {
    const found = await statusOf(client, id);
    if (found === null) return 'missing';
    return ENDED.includes(found) ? 'ended' : 'running';
  };
  return {
    status,
    async start(executionId) {
      const input = { executionId };
      try {
        await client.startNew(EXECUTION_ORCHESTRATOR, { instanceId: executionId, input });
      } catch (error) {
        // One that runs already answers 409; and a start whose answer was lost may have worked.
        const now = await status(executionId);
        if (now !== 'running') throw unavailable('start', executionId, error);
      }
    },
    async wake(executionId) {
      try {
        // Without data the extension answers 400.
        await client.raiseEvent(executionId, WAKE_EVENT, {});
      } catch (error) {
        throw unavailable('wake', executionId, error);
      }
    },
  };
}

const ENDED: readonly string[] = [
  df.OrchestrationRuntimeStatus.Completed,
  df.OrchestrationRuntimeStatus.Failed,
  df.OrchestrationRuntimeStatus.Terminated,
  df.OrchestrationRuntimeStatus.Canceled,
];

/** Null when there is no such instance, which the SDK tells by throwing. */
async function statusOf(client: Client, id: string): Promise<string | null> {
  try {
    const found = await client.getStatus(id, { showInput: false });
    return found.runtimeStatus;
  } catch (error) {
    if (messageOf(error).includes('HTTP 404')) return null;
    throw unavailable('look at', id, error);
  }
}

function unavailable(verb: string, executionId: string, cause: unknown): SwitchoverError {
  return new SwitchoverError(
    'STORE_UNAVAILABLE',
    `Could not ${verb} the orchestration of ${executionId}: ${messageOf(cause)}. Nothing is lost; send the request again.`,
    { cause },
  );
}
