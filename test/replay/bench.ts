import { createVirtualClock } from '../../local/clock/virtual.ts';
import { createFunctionApp } from '../../local/host/functions/registrations.ts';
import type { Registrations } from '../../local/host/functions/registrations.ts';
import { createVirtualWorld } from '../../local/stack/world.ts';
import { registerOrchestration } from '../../src/orchestration/register.ts';
import { depsOf } from '../support/drive.ts';

export interface Bench {
  /** What a registration registers. */
  of(register: () => void): Promise<Registrations>;
  /** The orchestrators as they are now. */
  current(): Promise<Registrations>;
}

/** The SDK keeps the host that it first spoke to: one bench a test file. */
export function orchestratorBench(): Bench {
  let next = (): void => undefined;
  const app = createFunctionApp(
    async () => next(),
    () => undefined,
  );
  const of = (register: () => void): Promise<Registrations> => {
    next = register;
    return app.register();
  };
  return {
    of,
    // Replaying runs no activity, so nothing of this world is touched.
    current: () =>
      of(() =>
        registerOrchestration(
          depsOf(createVirtualWorld({ clock: createVirtualClock({ start: 0 }) }).platform),
        ),
      ),
  };
}
