import type { RecordedEvent } from '../core/events.ts';
import type { CommandRecord } from '../core/execution.ts';
import type { Principal } from '../core/principal.ts';
import type { Evidence } from './evidence-schema.ts';
import { ofType } from './of-type.ts';

type Decision = Evidence['decisions'][number];
type Person = Decision['by'];

/** Who decided what, why, and what became of it. */
export function decisions(
  commands: readonly CommandRecord[],
  events: readonly RecordedEvent[],
): Decision[] {
  const carriedOut = new Set(
    ofType(events, 'command-carried-out').map((event) => event.data.sequence),
  );
  const refused = new Map(
    ofType(events, 'command-refused').map((event) => [event.data.sequence, event.data.why]),
  );
  return commands.map((command) => {
    const why = refused.get(command.sequence) ?? null;
    const outcome = carriedOut.has(command.sequence)
      ? 'carried-out'
      : why === null
        ? 'waiting'
        : 'refused';
    return {
      sequence: command.sequence,
      at: command.at,
      by: person(command.by),
      command: command.command,
      step: command.step ?? null,
      accept: command.accept ?? null,
      then: command.then ?? null,
      reason: command.reason,
      outcome,
      why,
    };
  });
}

/** Roles are the directory's business and change; who it was does not. */
export function person(principal: Principal): Person {
  const { id, name, kind } = principal;
  return { id, name, kind };
}
