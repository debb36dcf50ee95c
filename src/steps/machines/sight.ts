import { z } from 'zod';
import type { PowerState } from '../../azure/access.ts';
import type { JsonObject } from '../../core/json.ts';
import { canonicalId, resourceName } from '../../core/resource-id.ts';
import type { Call, StepContext } from '../contract.ts';
import { sentBy } from '../operation.ts';
import { reading } from '../reading.ts';

/** One machine as Resource Manager tells it. The machines of a dead region cannot be read. */
export interface Sight {
  readonly id: string;
  readonly name: string;
  readonly power: PowerState | 'missing' | 'unreachable';
  /** Why it cannot be read. */
  readonly trouble: string | null;
}

export async function lookAt(
  context: StepContext,
  ids: readonly string[],
): Promise<readonly Sight[]> {
  return Promise.all(
    ids.map(async (id): Promise<Sight> => {
      const name = resourceName(id);
      const seen = await reading(() => context.azure.machines.get(id));
      if ('trouble' in seen) {
        return { id, name, power: 'unreachable', trouble: seen.trouble.message };
      }
      return { id, name, power: seen.read?.power ?? 'missing', trouble: null };
    }),
  );
}

/** A machine that is not there runs nothing. */
export function isOff({ power }: Sight): boolean {
  return power === 'deallocated' || power === 'missing';
}

export function words(sights: readonly Sight[]): string {
  if (sights.length === 0) return 'none.';
  return `${sights.map(({ name, power }) => `${name} is ${power}`).join(', ')}.`;
}

export function factsOf(sights: readonly Sight[]): JsonObject {
  return {
    machines: Object.fromEntries(sights.map(({ id, power }) => [canonicalId(id), power])),
  };
}

const facts = z.object({ machines: z.record(z.string(), z.string()) });

/** The power that a machine had according to earlier facts; null when they do not tell. */
export function powerIn(before: JsonObject | null, id: string): string | null {
  return facts.safeParse(before).data?.machines[canonicalId(id)] ?? null;
}

export function deallocate(context: StepContext, { id, name }: Sight): Call {
  const call = `deallocate:${name}`;
  return {
    name: call,
    sentence: `POST deallocate of ${name}`,
    send: async (signal) => sentBy(call, await context.azure.machines.deallocate(id, signal)),
  };
}

export function start(context: StepContext, { id, name }: Sight): Call {
  const call = `start:${name}`;
  return {
    name: call,
    sentence: `POST start of ${name}`,
    send: async (signal) => sentBy(call, await context.azure.machines.start(id, signal)),
  };
}
