import { z } from 'zod';
import type { FailoverGroupView } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { Refusal, StepContext } from '../contract.ts';
import { reading } from '../reading.ts';
import type { Reading } from '../reading.ts';
import type { Settings } from './settings.ts';

/** The group as one of its servers tells it. Each has its own view, and the one of a dead region cannot be asked. */
const side = z.object({
  server: z.string(),
  is: z.enum(['Primary', 'Secondary', 'missing', 'unreachable']),
  /** Replication state, or the code of the trouble. */
  state: z.string(),
});

const sides = z.object({ from: side, to: side });

export type Side = z.infer<typeof side>;
export type Sides = z.infer<typeof sides>;

export async function lookAtSides(context: StepContext, settings: Settings): Promise<Sides> {
  const look = async (server: string): Promise<Side> =>
    asSide(server, await reading(() => context.azure.sql.get(server, settings.group)));
  const [from, to] = await Promise.all([look(settings.from), look(settings.to)]);
  return { from, to };
}

/** Sides out of the facts of an observation; null when the facts are none of this kind's. */
export function sidesOf(facts: unknown): Sides | null {
  return sides.safeParse(facts).data ?? null;
}

function asSide(serverId: string, seen: Reading<FailoverGroupView | null>): Side {
  const server = resourceName(serverId);
  if ('trouble' in seen) return { server, is: 'unreachable', state: seen.trouble.code };
  if (seen.read === null) return { server, is: 'missing', state: '' };
  return { server, is: seen.read.role, state: seen.read.replicationState };
}

export function words(one: Side): string {
  switch (one.is) {
    case 'missing':
      return `${one.server} has no such group`;
    case 'unreachable':
      return `${one.server} cannot be read (${one.state})`;
    case 'Primary':
    case 'Secondary':
      return `${one.server} is ${one.is} (${one.state})`;
  }
}

/** A group that is not there is no trouble that passes: nothing is waited for. */
export function missing({ from, to }: Sides): Refusal | null {
  const gone = [to, from].find(({ is }) => is === 'missing');
  if (gone === undefined) return null;
  const message = `${words(gone)}. Create the group or correct the plan.`;
  return { refuse: { code: 'FAILOVER_GROUP_MISSING', message } };
}

export function atRest(one: Side): boolean {
  return one.state.toUpperCase() === 'CATCH_UP';
}

/**
 * Whether `one` is primary, and not only in its own eyes: a dead server that was failed away from goes on saying
 * Primary (CATCH_UP) for as long as it is dead, while the one that took over says SUSPENDED.
 */
export function isPrimary(one: Side, other: Side): boolean {
  if (one.is !== 'Primary') return false;
  return other.is !== 'Primary' || (!atRest(one) && atRest(other));
}

/**
 * What keeps a lossless move from `source` to `target` from working at the moment; null when nothing does. A group is
 * busy for about a minute after a forced failover, which shows as a state that is not CATCH_UP.
 */
export function obstacle(source: Side, target: Side): string | null {
  if (target.is === 'unreachable' || target.is === 'missing') return words(target);
  if (source.is === 'unreachable' || source.is === 'missing') return words(source);
  if (source.is === target.is) return `both servers say ${source.is}; a failover may be under way`;
  const busy = [source, target].find((one) => !atRest(one));
  return busy === undefined ? null : `replication is not at rest: ${words(busy)}`;
}

/** Both servers agree on who is primary, and nothing is left to replicate or to rebuild. */
export function settledOn(primary: Side, secondary: Side): boolean {
  return (
    primary.is === 'Primary' && secondary.is === 'Secondary' && atRest(primary) && atRest(secondary)
  );
}
