import { resourceName } from '../../core/resource-id.ts';
import type { StepKind } from '../contract.ts';
import { subscriptionOf } from '../permissions.ts';
import { check } from './check.ts';
import { foresee } from './foresee.ts';
import { forward } from './forward.ts';
import { settings } from './settings.ts';
import type { Settings } from './settings.ts';
import { undo } from './undo.ts';

export const sqlFailoverGroup: StepKind<Settings> = {
  uses: 'sql/failover-group',
  summary:
    'Makes the other server of an Azure SQL failover group primary: without loss when possible.',
  settings,
  effect: 'changes',
  makesWritable: true,
  // Recorded failovers took up to 50 s with empty databases.
  settleSeconds: 120,
  typicalSeconds: () => 45,
  resources: ({ group, from, to }) =>
    [from, to].map((server) => `${server}/failoverGroups/${group}`),
  permissions: ({ from, to }) =>
    [from, to].flatMap((scope) => [
      { action: 'Microsoft.Sql/servers/failoverGroups/read', scope },
      { action: 'Microsoft.Sql/servers/failoverGroups/failover/action', scope },
      {
        action: 'Microsoft.Sql/servers/failoverGroups/forceFailoverAllowDataLoss/action',
        scope,
        losesData: true,
      },
      {
        action: 'Microsoft.Sql/locations/failoverGroupAzureAsyncOperation/read',
        scope: subscriptionOf(scope),
      },
    ]),
  describe: ({ group, from, to }, { mode }) =>
    `Fail over ${group} from ${resourceName(from)} to ${resourceName(to)}` +
    (mode === 'planned'
      ? ' without data loss.'
      : "; without data loss if the old primary can take part, otherwise losing at most what the plan's limit or an approver allows."),
  check,
  foresee,
  forward,
  undoSafety: (_settings, mode) => (mode === 'planned' ? 'safe' : 'lossy'),
  undo,
};
