import { inspect } from 'node:util';
import { toJsonText } from '../functions/invocation.ts';
import type { InvocationResult } from '../functions/invocation.ts';
import { activityFailed } from './failures.ts';
import type { Hub } from './hub.ts';
import { EVENT } from './protocol.ts';
import type { Occurrence } from './protocol.ts';
import type { ActivityRow } from './store.ts';

/** Runs one activity and sends its answer. After a crash it runs again: at least once, as on the platform. */
export async function runActivity(hub: Hub, row: ActivityRow): Promise<void> {
  const definition = hub.activity(row.name);
  if (definition === undefined) {
    hub.log({
      level: 'error',
      message: `Activity '${row.name}' of instance ${row.instance} is no longer registered; it stays in the queue.`,
    });
    return;
  }
  hub.onHop('activity');
  const { activityMs } = hub.options.latencies;
  if (activityMs !== undefined && activityMs > 0) await hub.clock.sleep(activityMs);
  const result = await hub.invoke({
    definition,
    trigger: row.input === null ? null : { string: row.input },
    triggerMetadata: { instanceId: { string: row.instance } },
  });
  if (hub.life.aborted || hub.store.activity(row.key) === undefined) return;
  // The orchestrator gets the bare message, and may well handle it: the stack is nowhere else.
  if (!result.ok && result.thrown !== undefined) {
    hub.log({
      level: 'error',
      message: `Activity '${definition.name}' of instance ${row.instance} failed: ${inspect(result.thrown)}`,
    });
  }
  hub.commit({ by: 'activity', instance: row.instance }, [
    { type: 'activity-done', key: row.key },
    { type: 'message', message: hub.message(row, answer(definition.name, row.task, result)) },
  ]);
}

function answer(name: string, task: number, result: InvocationResult): Occurrence {
  // The worker cannot tell `throw undefined` from a return without a value.
  if (!result.ok && result.thrown !== undefined) return activityFailed(name, task, result.thrown);
  const Result = result.ok ? toJsonText(result.returned) : 'null';
  return { EventType: EVENT.TaskCompleted, TaskScheduledId: task, Result };
}
