import { currentEvents, freshEvents } from '../../local/host/durable/inbox.ts';
import { createMemoryStore } from '../../local/host/durable/memory-store.ts';
import { parseHistory } from '../../local/host/durable/protocol.ts';
import type { HistoryEvent } from '../../local/host/durable/protocol.ts';
import type { Change, DurableStore, InstanceRow } from '../../local/host/durable/store.ts';
import type { Inputs, RecordedInstance } from './recording.ts';
import { SentInputs } from './sent-inputs.ts';

export interface RecordingStore {
  readonly store: DurableStore;
  /** Every instance whose id begins so, with the generations that continue-as-new has cleared away. */
  recorded(idPrefix: string): readonly RecordedInstance[];
}

/** The memory store, except that it forgets no generation. */
export function createRecordingStore(): RecordingStore {
  const memory = createMemoryStore();
  const sent = new SentInputs();
  const earlier = new Map<string, Generation[]>();
  const present = (id: string, execution: string): Generation => ({
    events: parseHistory(memory.history(id)),
    inputs: sent.of(execution),
  });

  const keep = (id: string, changes: readonly Change[]): void => {
    const { before, told } = lastTurn(memory, id, changes);
    const { events, inputs } = present(id, before.execution);
    earlier.set(id, [...(earlier.get(id) ?? []), { events: [...events, ...told], inputs }]);
  };

  return {
    store: {
      ...memory,
      commit(changes) {
        for (const change of changes) {
          if (change.type === 'clear-history') keep(change.id, changes);
        }
        sent.note(changes);
        memory.commit(changes);
      },
    },
    recorded: (idPrefix) =>
      memory
        .instances()
        .filter(({ id }) => id.startsWith(idPrefix))
        .map(({ id, execution, name, parent }) => {
          const generations = [...(earlier.get(id) ?? []), present(id, execution)];
          return {
            id,
            name,
            parent: parent?.instance ?? null,
            generations: generations.map(({ events }) => events),
            inputs: generations.map(({ inputs }) => inputs),
          };
        }),
  };
}

interface Generation {
  readonly events: readonly HistoryEvent[];
  readonly inputs: Inputs;
}

/** What the turn that continued as new had been sent: its own events never reach a history. */
function lastTurn(
  store: DurableStore,
  id: string,
  changes: readonly Change[],
): { readonly before: InstanceRow; readonly told: readonly HistoryEvent[] } {
  const before = store.instance(id);
  const after = changes.flatMap((change) => (change.type === 'instance' ? [change.row] : []))[0];
  if (before === undefined || after === undefined)
    throw new Error(`A generation of ${id} ended without its instance.`);
  const taken = new Set(
    changes.flatMap((change) => (change.type === 'taken' ? change.sequences : [])),
  );
  const messages = store.inbox(id).filter((message) => taken.has(message.sequence));
  const events = messages.filter((message) => message.kind === 'event');
  const now = new Date(after.updatedAt).toISOString();
  return { before, told: freshEvents(currentEvents(before, events), now) };
}
