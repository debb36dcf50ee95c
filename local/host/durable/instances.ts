import { childFailed } from './failures.ts';
import type { Hub } from './hub.ts';
import { hasEnded } from './protocol.ts';
import type { Change, InstanceRow, Parent, TimerRow } from './store.ts';
import { executionStarted } from './turn-changes.ts';
import type { SubOrchestration } from './turn-changes.ts';

interface Start {
  readonly id: string;
  readonly name: string;
  readonly input: string | null;
  readonly version: string | null;
  readonly parent: Parent | null;
}

/** A new run under an id that is free or whose earlier run has ended. */
export function createInstance(hub: Hub, start: Start): Change[] {
  const now = hub.clock.now();
  const row: InstanceRow = {
    ...start,
    execution: hub.newGuid(),
    status: 'Pending',
    output: null,
    customStatus: null,
    createdAt: now,
    updatedAt: now,
  };
  const to = { instance: row.id, execution: row.execution };
  return [
    { type: 'forget', id: row.id },
    { type: 'instance', row },
    { type: 'message', message: hub.message(to, executionStarted(row, row.input)) },
  ];
}

export function createChild(
  hub: Hub,
  parent: InstanceRow,
  work: SubOrchestration,
  id: string,
): Change[] {
  const running = hub.store.instance(id);
  const link: Parent = { instance: parent.id, execution: parent.execution, task: work.id };
  if (running !== undefined && !hasEnded(running.status)) {
    const reason = `An Orchestration instance with the status ${running.status} already exists.`;
    return [{ type: 'message', message: hub.message(link, childFailed(work.id, reason, reason)) }];
  }
  hub.onHop('sub-orchestration');
  const version = work.version ?? hub.options.defaultVersion;
  return createInstance(hub, { id, name: work.name, input: work.input, version, parent: link });
}

export function timersOf(hub: Hub, instance: InstanceRow): TimerRow[] {
  return hub.store.timers().filter((timer) => timer.execution === instance.execution);
}
