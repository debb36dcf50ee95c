import type { Accepted } from '../azure/access.ts';
import type { Operation } from '../core/step.ts';
import type { Progress, Sent, StepContext } from './contract.ts';

/** A service's answer to `call`, with its operation under the name by which the step knows it. */
export function sentBy(call: string, accepted: Accepted): Sent {
  const { operation, ...answer } = accepted;
  return operation === undefined ? answer : { ...answer, operation: { ...operation, call } };
}

/** One look at an operation that Resource Manager follows for us. A failed one may be tried again; a cancelled may not. */
export async function followOperation(
  context: StepContext,
  operation: Operation,
): Promise<Progress> {
  const status = await context.azure.operations.poll(operation);
  const what = `${operation.call} (operation ${operation.name})`;
  switch (status.is) {
    case 'running':
      return { ...status, sentence: `${what} runs.` };
    case 'succeeded':
      return {
        is: 'done',
        sentence: `${what} succeeded.`,
        ...(status.endedAt === undefined ? {} : { endedAt: status.endedAt }),
      };
    case 'failed':
    case 'canceled':
      return {
        is: 'failed',
        error: { code: status.code, message: `${what} ${status.is}: ${status.message}` },
        transient: status.is === 'failed',
      };
  }
}
