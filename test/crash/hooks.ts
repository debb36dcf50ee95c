import { instant } from '../../src/core/clock.ts';
import type { Inbound } from '../../local/simulator/gateway.ts';
import type { Simulator } from '../../local/simulator/simulator.ts';

export const HOOKS_HOST = 'hooks.example';

/** Beside Azure somebody's own service, asked by webhook: it does once what it is asked with one key. */
export function withHooks(simulator: Simulator): Simulator {
  const known = new Set<string>();
  return {
    ...simulator,
    browse(inbound, signal) {
      if (inbound.url.hostname !== HOOKS_HOST) return simulator.browse(inbound, signal);
      const key = inbound.headers['idempotency-key'] ?? '';
      enter(simulator, inbound, known.has(key) ? null : `asked ${inbound.url.pathname}`);
      known.add(key);
      return Promise.resolve({
        is: 'answer',
        response: { status: 200 },
      });
    },
  };
}

function enter(
  { journal, clock, world }: Simulator,
  inbound: Inbound,
  effect: string | null,
): void {
  const { method, url } = inbound;
  journal.add({
    at: instant(clock.now()),
    door: 'web',
    method,
    path: `${url.hostname}${url.pathname}`,
    operation: null,
    action: null,
    caller: null,
    mutating: true,
    status: 200,
    code: null,
    correlationId: world.newId(),
    effect,
  });
}
