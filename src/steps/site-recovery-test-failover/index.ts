import { resourceName } from '../../core/resource-id.ts';
import type { StepKind } from '../contract.ts';
import { subscriptionOf } from '../permissions.ts';
import { vaultRights } from '../site-recovery/rights.ts';
import { testFailoverSettings } from '../site-recovery/settings.ts';
import type { TestFailoverSettings } from '../site-recovery/settings.ts';
import { check } from './check.ts';
import { forward } from './forward.ts';
import { undo } from './undo.ts';

export const siteRecoveryTestFailover: StepKind<TestFailoverSettings> = {
  uses: 'site-recovery/test-failover',
  summary:
    'Makes test machines of replicated Azure virtual machines in an isolated network, beside those that go on serving.',
  settings: testFailoverSettings,
  effect: 'changes',
  makesWritable: false,
  rehearses: true,
  // As of a failover: a plan shows itself in its items a minute later.
  settleSeconds: 60,
  typicalSeconds: () => 205,
  resources: ({ vault, machines }) =>
    machines.map((name) => `${vault}/machines/${name.toLowerCase()}`),
  // Where the test machines are made is known to Site Recovery only, hence the subscription.
  permissions: ({ vault, network }) => [
    ...vaultRights(vault, 'testFailover'),
    ...vaultRights(vault, 'testFailoverCleanup').filter(({ action }) => action.endsWith('/action')),
    { action: 'Microsoft.Network/virtualNetworks/read', scope: network },
    ...[
      'Microsoft.Network/networkInterfaces/read',
      'Microsoft.Compute/virtualMachines/read',
      'Microsoft.Compute/virtualMachines/instanceView/read',
    ].map((action) => ({ action, scope: subscriptionOf(vault) })),
  ],
  describe: ({ machines, network }, { to }) =>
    `Make test machines of ${machines.join(', ')} at ${to} in ${resourceName(network)}. What serves goes on, and nothing is lost.`,
  check,
  forward,
  undoSafety: () => 'safe',
  undo,
};
