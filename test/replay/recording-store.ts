import { currentEvents, freshEvents } from '../../local/host/durable/inbox.ts';
import { createMemoryStore } from '../../local/host/durable/memory-store.ts';
import { parseHistory } from '../../local/host/durable/protocol.ts';
import type { HistoryEvent } from '../../local/host/durable/protocol.ts';
import type { Change, DurableStore } from '../../local/host/durable/store.ts';
import type { RecordedInstance } from './recording.ts';

export interface RecordingStore {
  readonly store: DurableStore;
  /** Every instance whose id begins so, with the generations that continue-as-new has cleared away. */
  recorded(idPrefix: string): readonly RecordedInstance[];
}

/** The memory store, except that it forgets no generation. */
export function createRecordingStore(): RecordingStore {
  const memory = createMemoryStore();
  const earlier = new Map<string, (readonly HistoryEvent[])[]>();
  const generation = (id: string): HistoryEvent[] => parseHistory(memory.history(id));

  const keep = (id: string, changes: readonly Change[]): void => {
    const kept = earlier.get(id) ?? [];
    kept.push([...generation(id), ...lastTurn(memory, id, changes)]);
    earlier.set(id, kept);
  };

  return {
    store: {
      ...memory,
      commit(changes) {
        for (const change of changes) {
          if (change.type === 'clear-history') keep(change.id, changes);
        }
        memory.commit(changes);
      },
    },
    recorded: (idPrefix) =>
      memory
        .instances()
        .filter(({ id }) => id.startsWith(idPrefix))
        .map(({ id, name, parent }) => ({
          id,
          name,
          parent: parent?.instance ?? null,
          generations: [...(earlier.get(id) ?? []), generation(id)],
        })),
  };
}

/** What the turn that continued as new had been sent: its own events never reach a history. */
function lastTurn(
  store: DurableStore,
  id: string,
  changes: readonly Change[],
): readonly HistoryEvent[] {
  const before = store.instance(id);
  const after = changes.flatMap((change) => (change.type === 'instance' ? [change.row] : []))[0];
  if (before === undefined || after === undefined)
    throw new Error(`A generation of ${id} ended without its instance.`);
  const taken = new Set(
    changes.flatMap((change) => (change.type === 'taken' ? change.sequences : [])),
  );
  const messages = store.inbox(id).filter((message) => taken.has(message.sequence));
  const events = messages.filter((message) => message.kind === 'event');
  return freshEvents(currentEvents(before, events), new Date(after.updatedAt).toISOString());
}
