import type { Fault } from '../simulator/service.ts';

/** How each step of the café's plan is made to fail: what goes wrong in Azure, or with the application. */
const FAULTS: Readonly<
  Record<string, readonly Pick<Fault, 'operation' | 'resource' | 'kind' | 'status' | 'code'>[]>
> = {
  'close-endpoint': [
    {
      operation: 'traffic-manager/put-endpoint',
      resource: 'myPrimaryEndpoint',
      kind: 'respond',
      status: 403,
      code: 'AuthorizationFailed',
    },
  ],
  'stop-machines': [
    {
      operation: 'compute/deallocate',
      resource: '',
      kind: 'respond',
      status: 403,
      code: 'AuthorizationFailed',
    },
  ],
  database: [
    {
      operation: 'sql/failover',
      resource: '',
      kind: 'fail-operation',
      code: 'InvalidDatabaseStateForOperation',
    },
    {
      operation: 'sql/force-failover',
      resource: '',
      kind: 'fail-operation',
      code: 'InvalidDatabaseStateForOperation',
    },
  ],
  machines: [
    { operation: 'site-recovery/failover', resource: '', kind: 'fail-operation', code: '28031' },
  ],
  addresses: [
    {
      operation: 'network/interface',
      resource: '',
      kind: 'respond',
      status: 403,
      code: 'AuthorizationFailed',
    },
  ],
  'database-writable': [
    {
      operation: 'sql/get',
      resource: '',
      kind: 'respond',
      status: 403,
      code: 'AuthorizationFailed',
    },
  ],
  console: [{ operation: 'cafe/get', resource: 'dmgr-cafe', kind: 'respond', status: 503 }],
  application: [{ operation: 'cafe/get', resource: 'ihs-cafe', kind: 'respond', status: 503 }],
  traffic: [
    {
      operation: 'traffic-manager/put-endpoint',
      resource: 'myFailoverEndpoint',
      kind: 'respond',
      status: 403,
      code: 'AuthorizationFailed',
    },
  ],
  'public-name': [
    {
      operation: 'dns/resolve',
      resource: 'websphere-cafe.trafficmanager.net',
      kind: 'fail-before',
    },
  ],
  coffee: [{ operation: 'cafe/post', resource: '', kind: 'respond', status: 500 }],
  commit: [
    { operation: 'site-recovery/commit', resource: '', kind: 'fail-operation', code: '28045' },
  ],
};

export const STEPS_THAT_CAN_FAIL = Object.keys(FAULTS);

/** They last until they are cleared: a step that tries again fails again. */
export function faultsOf(step: string): readonly Fault[] {
  return (FAULTS[step] ?? []).map((fault) => ({ ...fault, times: 100_000 }));
}
