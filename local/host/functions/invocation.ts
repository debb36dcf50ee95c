import { isRecord } from '../json.ts';
import type { FunctionDefinition, Registrations, TypedData } from './registrations.ts';

export interface Invocation {
  readonly definition: FunctionDefinition;
  readonly invocationId: string;
  readonly trigger: TypedData | null;
  readonly triggerMetadata?: Readonly<Record<string, TypedData>>;
  /** Data of the other inputs, by binding type. */
  readonly inputs?: Readonly<Record<string, TypedData>>;
  readonly log: (level: string, message: string) => void;
  /** Sees the invocation's context before the function does. */
  readonly prepare?: (context: object) => void;
}

export type InvocationResult =
  | { readonly ok: true; readonly result: unknown; readonly returned: TypedData | null }
  /** `thrown` may be anything, undefined included. */
  | { readonly ok: false; readonly thrown: unknown };

/** One call of a function, through hooks and the app's own programming model, as the Node worker makes it. */
export async function invoke(
  registrations: Registrations,
  invocation: Invocation,
): Promise<InvocationResult> {
  const { definition } = invocation;
  const call: Record<string, unknown> = coreContext(invocation);
  const model = registrations.model.getInvocationModel(call);
  const { context, inputs } = await model.getArguments();
  invocation.prepare?.(context);
  const hookData = {};
  const before = {
    hookData,
    invocationContext: context,
    functionCallback: definition.callback,
    inputs,
  };
  call['state'] = 'preInvocationHooks';
  for (const hook of registrations.hooks('preInvocation')) await hook(before);
  const after: Record<string, unknown> = {
    hookData,
    invocationContext: context,
    inputs: before.inputs,
  };
  call['state'] = 'invocation';
  let failed = false;
  try {
    after['result'] = await model.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    failed = true;
    after['error'] = error;
  }
  call['state'] = 'postInvocationHooks';
  for (const hook of registrations.hooks('postInvocation')) await hook(after);
  call['state'] = undefined;
  if (failed) return { ok: false, thrown: after['error'] };
  const { returnValue } = await model.getResponse(context, after['result']);
  return { ok: true, result: after['result'], returned: returnValue ?? null };
}

function coreContext(invocation: Invocation): Record<string, unknown> {
  const { definition, invocationId } = invocation;
  const inputData = [{ name: definition.triggerName, data: invocation.trigger }];
  for (const [name, binding] of Object.entries(definition.bindings)) {
    if (name === definition.triggerName || binding.direction !== 'in') continue;
    inputData.push({ name, data: invocation.inputs?.[binding.type] ?? null });
  }
  return {
    invocationId,
    metadata: { name: definition.name, bindings: definition.bindings, functionId: definition.name },
    request: {
      invocationId,
      functionId: definition.name,
      inputData,
      triggerMetadata: invocation.triggerMetadata ?? {},
      traceContext: null,
      retryContext: null,
    },
    state: undefined,
    log: (level: string, _category: string, message: string) => invocation.log(level, message),
  };
}

/** What the extension's C# makes of a returned value: JSON, with .NET's view of numbers that JSON does not know. */
export function toJsonText(data: TypedData | null): string {
  if (data === null) return 'null';
  if (data.string !== undefined) return JSON.stringify(data.string);
  if (data.json !== undefined) return data.json;
  if (data.int !== undefined) return String(data.int);
  if (data.double !== undefined) {
    return JSON.stringify(Number.isFinite(data.double) ? data.double : String(data.double));
  }
  if (data.bytes !== undefined) return JSON.stringify(Buffer.from(data.bytes).toString('base64'));
  return 'null';
}

export function thrownMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (isRecord(thrown))
    return typeof thrown['message'] === 'string' ? thrown['message'] : JSON.stringify(thrown);
  return String(thrown);
}

export function thrownStack(thrown: unknown): string {
  return isRecord(thrown) && typeof thrown['stack'] === 'string' ? thrown['stack'] : '';
}
