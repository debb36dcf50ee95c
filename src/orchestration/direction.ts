import { SwitchoverError } from '../core/errors.ts';
import type { ExecutionRecord, Kind } from '../core/execution.ts';
import type { Plan } from '../plan/plan.ts';

/** Which way an execution goes that is asked for while `active` serves; refuses what would move nothing, or the wrong way. */
export function direction(
  { plan, kind, to: asked }: { plan: Plan; kind: Kind; to?: string | undefined },
  active: string,
): Pick<ExecutionRecord, 'from' | 'to'> {
  const { name, home } = plan;
  const sites = Object.keys(plan.sites);
  const to = asked ?? sites.find((site) => site !== active);
  if (to === undefined || !sites.includes(to))
    throw refused(`Plan ${name} has no site ${asked ?? ''}; its sites are ${sites.join(', ')}.`);
  if (!sites.includes(active)) {
    throw refused(
      `${name} serves from ${active}, which the plan names no more; its sites are ${sites.join(', ')}. Give the site its name back.`,
    );
  }
  if (to === active) throw refused(`${name} serves from ${to} already; there is nothing to move.`);
  // A drill tries whichever way there is.
  if (kind === 'drill') return { from: active, to };
  const expected: Kind = to === home ? 'failback' : 'failover';
  if (kind !== expected) {
    throw refused(
      `Moving ${name} from ${active} to ${to} is a ${expected} (home is ${home}), not a ${kind}.`,
    );
  }
  return { from: active, to };
}

function refused(why: string): SwitchoverError {
  return new SwitchoverError('REQUEST_INVALID', why);
}
