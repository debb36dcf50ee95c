import type { InvocationResult } from '../functions/invocation.ts';
import { thrownMessage } from '../functions/invocation.ts';
import { isRecord, parseJson } from '../json.ts';
import { ACTION } from './protocol.ts';
import type { HistoryEvent } from './protocol.ts';
import { nonDeterminism, refusal } from './refusals.ts';
import { watchTasks } from './sdk-tasks.ts';
import type { TaskWatch } from './sdk-tasks.ts';
import type { InstanceRow, Parent } from './store.ts';
import { workOf } from './work.ts';
import type { Work } from './work.ts';

/** What one replay of an orchestrator comes to. */
export type Outcome =
  | Ending<{ readonly kind: 'waiting' }>
  | Ending<{ readonly kind: 'returned'; readonly output: string | null }>
  | Ending<{ readonly kind: 'threw'; readonly message: string; readonly output: string }>
  | { readonly kind: 'continued'; readonly input: string | null }
  /** The host itself refuses: the instance fails and the log says why. */
  | { readonly kind: 'refused'; readonly output: string; readonly message: string }
  /** The real host leaves the instance Running for ever without a word; here it at least stands in the log. */
  | { readonly kind: 'stuck'; readonly because: string };

type Ending<Kind> = Kind & { readonly work: readonly Work[]; readonly customStatus: string | null };

export interface Replay {
  /** Orchestrator name as registered. */
  readonly name: string;
  readonly past: readonly HistoryEvent[];
  readonly invoke: (prepare: (context: object) => void) => Promise<InvocationResult>;
}

/** Runs the orchestrator over its history and says what came of it. */
export async function replay({ name, past, invoke }: Replay): Promise<Outcome> {
  let watch: TaskWatch | undefined;
  const result = await invoke((context) => (watch = watchTasks(context)));
  if (watch === undefined) throw new Error('The orchestrator was invoked without a context.');
  const refused = refusal(watch);
  if (refused !== undefined)
    return { kind: 'refused', output: `${prefix(name)}${refused}`, message: refused };
  const work = workOf(watch);
  const changed = nonDeterminism(past, work);
  if (changed !== undefined) return { kind: 'refused', output: changed, message: changed };
  const state = stateOf(result);
  if (state === undefined) {
    const message = result.ok ? 'it returned nothing' : thrownMessage(result.thrown);
    return {
      kind: 'threw',
      message,
      output: `${prefix(name)}${message}`,
      work: [],
      customStatus: null,
    };
  }
  return outcome(name, state, watch, work, !result.ok);
}

function prefix(name: string): string {
  return `Orchestrator function '${name}' failed: `;
}

function outcome(
  name: string,
  state: Record<string, unknown>,
  watch: TaskWatch,
  work: readonly Work[],
  threw: boolean,
): Outcome {
  // A falsy status is not sent, and clears what was there.
  const customStatus =
    state['customStatus'] === undefined ? null : JSON.stringify(state['customStatus']);
  const tooLarge = customStatusTooLarge(customStatus);
  if (tooLarge !== undefined)
    return { kind: 'refused', output: `${prefix(name)}${tooLarge}`, message: tooLarge };
  const { error } = state;
  if (threw && typeof error !== 'string') {
    return { kind: 'stuck', because: 'it threw something that is no Error with a message' };
  }
  if (typeof error === 'string') {
    // A failure with details of its own is shown without the prefix.
    const output = state['failureDetails'] === undefined ? `${prefix(name)}${error}` : error;
    return { kind: 'threw', message: error, output, work, customStatus };
  }
  const again = watch.actions().find((action) => action.actionType === ACTION.ContinueAsNew);
  if (again !== undefined) return { kind: 'continued', input: jsonOrNull(again.input) };
  if (state['isDone'] === true)
    return { kind: 'returned', output: jsonOrNull(state['output']), work, customStatus };
  return { kind: 'waiting', work, customStatus };
}

/** Strings keep the quotes that the SDK gave them on the way to continue-as-new: so they do on the platform. */
function jsonOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

const STATE_LABEL = '\n\n$OutOfProcData$:';

/** The state comes back as the result, or behind a label in the message of what was thrown. */
function stateOf(result: InvocationResult): Record<string, unknown> | undefined {
  if (result.ok) return isRecord(result.result) ? result.result : undefined;
  const message = thrownMessage(result.thrown);
  const at = message.indexOf(STATE_LABEL);
  const parsed = at < 0 ? undefined : parseJson(message.slice(at + STATE_LABEL.length))?.value;
  return isRecord(parsed) ? parsed : undefined;
}

function customStatusTooLarge(customStatus: string | null): string | undefined {
  const kilobytes = Math.floor(((customStatus?.length ?? 0) * 2) / 1024);
  if (kilobytes <= 16) return undefined;
  return (
    'The UTF-16 size of the JSON-serialized payload must not exceed 16 KB. ' +
    `The current payload size is ${kilobytes} KB.`
  );
}

/** The trigger's input, as the extension writes it. */
export function triggerPayload(
  instance: Pick<InstanceRow, 'id'> & { readonly parent: Pick<Parent, 'instance'> | null },
  input: string | null,
  past: readonly string[],
  fresh: readonly string[],
): string {
  return (
    `{"history":[${[...past, ...fresh].join(',')}],"input":${input ?? 'null'},` +
    `"instanceId":${JSON.stringify(instance.id)},"isReplaying":${past.length > 0},` +
    `"parentInstanceId":${JSON.stringify(instance.parent?.instance ?? null)},` +
    '"upperSchemaVersion":1,"upperSchemaVersionNew":3,' +
    '"longRunningTimerIntervalDuration":"3.00:00:00","maximumShortTimerDuration":"6.00:00:00",' +
    // Sic: the extension's own spelling.
    '"defaultHttpAsyncRequestSleepTimeMillseconds":30000}'
  );
}
