import type { Identity } from '../azure/identities.ts';
import type { ExecutionRecord, Mode } from '../core/execution.ts';

/**
 * In whose name an execution acts. A drill moves nothing and so needs no right to: but for a live one, which is a failover
 * with a date. Rights to lose data are not used while the old side can still take part.
 */
export function identityOf({
  kind,
  level,
  mode,
}: Pick<ExecutionRecord, 'kind' | 'level' | 'mode'>): Identity {
  return kind === 'drill' && level !== 'live' ? 'watch' : moverIn(mode);
}

/** In whose name applications are moved. */
export function moverIn(mode: Mode): Identity {
  return mode === 'unplanned' ? 'forced' : 'failover';
}
