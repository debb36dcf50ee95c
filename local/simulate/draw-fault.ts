import type { Fault } from '../simulator/service.ts';
import type { Dice } from './dice.ts';

export const CHANGES = [
  'sql/failover',
  'sql/force-failover',
  'compute/deallocate',
  'compute/start',
  'site-recovery/failover',
  'site-recovery/commit',
  'traffic-manager/put-endpoint',
  'network/interface',
] as const;

export const READS = [
  'sql/get',
  'compute/get',
  'network/get',
  'site-recovery/get',
  'site-recovery/poll',
  'traffic-manager/get-profile',
  'metrics/get',
  'metrics-batch/post',
  'authorization/permissions',
  'cafe/get',
  'cafe/post',
  'dns/resolve',
] as const;

/** What the services say when they fail, as far as the product tells one from another. */
const CODES = [
  'PlannedFailoverTimedOut',
  'InvalidDatabaseStateForOperation',
  'FailoverGroupBusy',
  'OperationPreempted',
  'AllocationFailed',
  '28031',
  'InternalServerError',
] as const;

type Refusal = Pick<Fault, 'status' | 'code' | 'retryAfterSeconds'>;

const ANSWERS: readonly [Refusal, ...Refusal[]] = [
  { status: 429, code: 'TooManyRequests', retryAfterSeconds: 17 },
  { status: 429, code: 'SubscriptionRequestsThrottled', retryAfterSeconds: 2 },
  { status: 500, code: 'InternalServerError' },
  { status: 503, code: 'ServiceUnavailable' },
  { status: 403, code: 'AuthorizationFailed' },
  { status: 409, code: 'Conflict' },
];

/** Seconds; shorter than any effect may hide: what comes later than that, nobody can know of. */
export const LATE = { trafficManager: [1, 4, 9, 12], others: [4, 12, 30, 50] } as const;

/** One fault, or a burst of it. */
export function drawFault(chance: Dice): Fault {
  const base = { resource: '', times: chance.one([1, 1, 1, 2, 4, 12]) };
  if (chance.chance(0.35)) {
    const operation = chance.one(READS);
    if (chance.chance(0.25)) return { ...base, operation, ...drawSlowness(chance) };
    return chance.chance(0.4)
      ? { ...base, operation, kind: chance.one(['fail-before', 'lose-reply']) }
      : { ...base, operation, kind: 'respond', ...chance.one(ANSWERS) };
  }
  const operation = chance.one(CHANGES);
  const kind = chance.one([
    'fail-before',
    'lose-reply',
    'lose-reply',
    'arrive-late',
    'slow-reply',
    'respond',
    'fail-operation',
    'stuck-operation',
    'slow-operation',
  ]);
  if (kind === 'respond') return { ...base, operation, kind, ...chance.one(ANSWERS) };
  if (kind === 'fail-operation') return { ...base, operation, kind, code: chance.one(CODES) };
  if (kind === 'arrive-late')
    return {
      ...base,
      operation,
      kind,
      delaySeconds: chance.one(
        operation === 'traffic-manager/put-endpoint' ? LATE.trafficManager : LATE.others,
      ),
    };
  if (kind === 'slow-reply') return { ...base, operation, ...drawSlowness(chance) };
  if (kind === 'slow-operation')
    return { ...base, operation, kind, factor: chance.one([2, 5, 40]) };
  return { ...base, operation, kind };
}

/** Slower than it is useful, or slower than anybody waits. */
function drawSlowness(chance: Dice): Pick<Fault, 'kind' | 'delaySeconds'> {
  return { kind: 'slow-reply', delaySeconds: chance.one([3, 4.5, 9, 25, 50]) };
}
