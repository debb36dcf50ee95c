import { isRecord, parseJson } from '../json.ts';
import { thrownMessage, thrownStack } from '../functions/invocation.ts';
import { EVENT } from './protocol.ts';
import type { Occurrence } from './protocol.ts';

/** How the extension tells an orchestrator that an activity threw: text wrapped in the JSON of a .NET exception. */
export function activityFailed(name: string, task: number, thrown: unknown): Occurrence {
  const message = thrownMessage(thrown);
  const details = failureDetails(message);
  const base = { EventType: EVENT.TaskFailed, TaskScheduledId: task };
  if (details !== undefined) {
    const Reason = `Activity function '${name}' failed with an unhandled exception.`;
    return { ...base, Reason, Details: 'null', FailureDetails: details };
  }
  return {
    ...base,
    // Two spaces: the slot of the exception's type name is empty for JavaScript.
    Reason: `Activity function '${name}' failed:  ${message}`,
    Details: JSON.stringify({
      $type: 'System.Exception, System.Private.CoreLib',
      ClassName: 'System.Exception',
      Message: ` ${message}`,
      StackTraceString: thrownStack(thrown),
    }),
  };
}

/** With an exception properties provider the SDK sends the failure as JSON in the error's message. */
function failureDetails(message: string): Readonly<Record<string, unknown>> | undefined {
  const parsed = parseJson(message)?.value;
  if (!isRecord(parsed) || !('errorType' in parsed) || !('errorMessage' in parsed))
    return undefined;
  return {
    ErrorType: parsed['errorType'],
    ErrorMessage: parsed['errorMessage'],
    StackTrace: parsed['stackTrace'],
    IsNonRetriable: parsed['isNonRetriable'],
    Properties: parsed['properties'],
  };
}

/** `reason` is the child's own failure text: prefixes nest with every level. */
export function childFailed(task: number, reason: string, message: string): Occurrence {
  return {
    EventType: EVENT.SubOrchestrationInstanceFailed,
    TaskScheduledId: task,
    Reason: reason,
    Details: `Message: ${message}, StackTrace:    at the orchestrator function`,
  };
}

export function unknownOrchestrator(name: string, known: readonly string[]): string {
  return (
    `Orchestrator function '${name}' failed: The function '${name}' doesn't exist, is disabled, or is not an ` +
    'orchestrator function. Additional info: The following are the known orchestrator functions: ' +
    `${known.map((each) => `'${each}'`).join(', ')}.`
  );
}
