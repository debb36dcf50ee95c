import { SwitchoverError } from '../../core/errors.ts';
import type { Given, StartDeps, StartOrder } from './order.ts';

/** The execution for which the request's key stands already; null when it now stands for this one, or there is no key. */
export async function claimKey(
  { idempotency }: StartDeps,
  { idempotencyKey: key, plan, by, kind, mode, level, to, reason }: StartOrder,
  { id, at }: Given,
): Promise<string | null> {
  if (key === null) return null;
  const request = JSON.stringify([
    plan.name,
    kind,
    mode,
    to ?? null,
    reason,
    ...(level === undefined ? [] : [level]),
  ]);
  const claim = await idempotency.claim({ principal: by.id, key, request, executionId: id, at });
  if (claim.is === 'different') throw keyReused(key);
  return claim.is === 'repeated' ? claim.executionId : null;
}

export async function forgetKey(
  { idempotency }: StartDeps,
  { idempotencyKey: key, by }: StartOrder,
  executionId: string,
): Promise<void> {
  if (key !== null) await idempotency.forget({ principal: by.id, key, executionId });
}

function keyReused(key: string): SwitchoverError {
  return new SwitchoverError(
    'IDEMPOTENCY_KEY_REUSED',
    `The Idempotency-Key ${key} was used for another request within a day. Use a new key for a new request.`,
  );
}
