import type { Change } from '../../local/host/durable/store.ts';
import type { Inputs } from './recording.ts';

/** What orchestrators gave along with what they asked for, gathered from what their turns commit. */
export class SentInputs {
  readonly #byExecution = new Map<string, Map<number, string | null>>();

  note(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.type === 'activity') this.#keep(change.row, change.row.input);
      // A child begins with what its parent gave it, and may go on with something else.
      if (change.type === 'instance' && change.row.parent !== null)
        this.#keep(change.row.parent, change.row.input);
    }
  }

  of(execution: string): Inputs {
    return Object.fromEntries(this.#byExecution.get(execution) ?? []);
  }

  #keep(by: { readonly execution: string; readonly task: number }, input: string | null): void {
    const inputs = this.#byExecution.get(by.execution) ?? new Map<number, string | null>();
    if (!inputs.has(by.task)) inputs.set(by.task, input);
    this.#byExecution.set(by.execution, inputs);
  }
}
