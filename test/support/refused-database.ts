import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { atEvent } from './moments.ts';

/** From the end of this step on the database may not be read, so that the next step fails and all is undone. */
export function refuseDatabaseAfter(stack: VirtualStack, step: string): void {
  atEvent(stack, { type: 'step-done', step }, () =>
    stack.simulator.control.fault({
      operation: 'sql/get',
      resource: '',
      kind: 'respond',
      status: 403,
      code: 'AuthorizationFailed',
      times: 100_000,
    }),
  );
}
