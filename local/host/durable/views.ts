import { EVENT, parseHistory } from './protocol.ts';
import type { InstanceRow } from './store.ts';

/** An instance as the management API shows it: whole seconds, values parsed. */
export function statusView(instance: InstanceRow, showInput: boolean): Record<string, unknown> {
  return {
    name: instance.name,
    instanceId: instance.id,
    runtimeStatus: instance.status,
    input: showInput ? value(instance.input) : null,
    customStatus: value(instance.customStatus),
    output: value(instance.output),
    createdTime: wholeSeconds(instance.createdAt),
    lastUpdatedTime: wholeSeconds(instance.updatedAt),
  };
}

function value(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}

function wholeSeconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

const NAMES = new Map<number, string>(Object.entries(EVENT).map(([name, type]) => [type, name]));
const UNSHOWN: readonly number[] = [EVENT.OrchestratorStarted, EVENT.OrchestratorCompleted];

/** Types by name, without the events that only frame a turn. */
export function historyView(
  texts: readonly string[],
  showOutput: boolean,
): Record<string, unknown>[] {
  return parseHistory(texts)
    .filter((event) => !UNSHOWN.includes(event.EventType))
    .map((event) => ({
      ...event,
      EventType: NAMES.get(event.EventType),
      ...(showOutput || event['Result'] === undefined ? {} : { Result: null }),
    }));
}
