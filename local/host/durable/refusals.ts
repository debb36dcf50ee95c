import { ACTION, EVENT } from './protocol.ts';
import type { HistoryEvent } from './protocol.ts';
import type { SdkAction, TaskWatch } from './sdk-tasks.ts';
import type { Work } from './work.ts';

const UNSUPPORTED: Readonly<Record<number, string>> = {
  [ACTION.CallEntity]: 'entities (callEntity)',
  [ACTION.SignalEntity]: 'entities (signalEntity)',
  [ACTION.LockEntities]: 'entities (lock)',
  [ACTION.ReleaseEntities]: 'entities (lock)',
  [ACTION.CallHttp]: 'callHttp',
};

/** What the local host does not run, or what the real host would do wrongly without saying so. */
export function refusal(watch: TaskWatch): string | undefined {
  const seen = new Set<SdkAction>();
  for (const action of flatten(watch.actions())) {
    const unsupported = UNSUPPORTED[action.actionType];
    if (unsupported !== undefined)
      return `The local host does not run ${unsupported}; do it in an activity.`;
    if (seen.has(action)) return reused(action);
    if (action.actionType !== ACTION.WaitForExternalEvent) seen.add(action);
  }
  const current = watch.current();
  if (current?.retryOptions !== undefined && current.parent !== undefined && !current.hasResult) {
    return (
      `A retried call that is part of a Task.any or Task.all is awaited again by itself. ` +
      'The real host then fails with "Non-Deterministic workflow detected".'
    );
  }
  return undefined;
}

function* flatten(actions: readonly SdkAction[]): Generator<SdkAction> {
  for (const action of actions) {
    yield action;
    if (action.compoundActions !== undefined) yield* flatten(action.compoundActions);
  }
}

function reused(action: SdkAction): string {
  const what =
    action.functionName === undefined ? 'A timer' : `The task that calls '${action.functionName}'`;
  return (
    `${what} is used a second time in a Task.any or Task.all. The protocol has no task ids: the real host would ` +
    'schedule it again and answer later calls with wrong results. Every task goes into exactly one compound, ever.'
  );
}

const KINDS: Readonly<Record<number, { readonly kind: Work['kind']; readonly what: string }>> = {
  [EVENT.TaskScheduled]: { kind: 'activity', what: 'an activity task' },
  [EVENT.SubOrchestrationInstanceCreated]: {
    kind: 'sub-orchestration',
    what: 'a sub-orchestration',
  },
  [EVENT.TimerCreated]: { kind: 'timer', what: 'a timer' },
};

/** Compares what earlier turns scheduled with what this replay asks for. */
export function nonDeterminism(
  past: readonly HistoryEvent[],
  work: readonly Work[],
): string | undefined {
  const asked = new Map(work.map((each) => [each.id, each]));
  for (const event of past) {
    const expected = KINDS[event.EventType];
    if (expected === undefined) continue;
    const found = asked.get(event.EventId);
    const name = found !== undefined && 'name' in found ? found.name : undefined;
    if (
      found?.kind === expected.kind &&
      (expected.kind === 'timer' || sameName(nameOf(event), name))
    )
      continue;
    return (
      'Non-Deterministic workflow detected: A previous execution of this orchestration scheduled ' +
      `${expected.what} with sequence number ${event.EventId} named '${nameOf(event)}', but the current ` +
      `orchestration replay ${insteadOf(found, name)} with this sequence number.  ` +
      'Was a change made to the orchestrator code after this instance had already started running?'
    );
  }
  return undefined;
}

function insteadOf(found: Work | undefined, name: string | undefined): string {
  if (found === undefined) return 'scheduled nothing';
  const what = Object.values(KINDS).find((known) => known.kind === found.kind)?.what ?? 'a retry';
  return `instead scheduled ${what} named '${name ?? ''}'`;
}

function nameOf(event: HistoryEvent): string {
  const name = event['Name'];
  return typeof name === 'string' ? name : '';
}

function sameName(recorded: string, asked: string | undefined): boolean {
  return recorded.toLowerCase() === asked?.toLowerCase();
}
