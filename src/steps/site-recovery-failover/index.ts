import type { StepKind } from '../contract.ts';
import { machineRights } from '../machines/rights.ts';
import { subscriptionOf } from '../permissions.ts';
import { followJob } from '../site-recovery/job.ts';
import { vaultRights } from '../site-recovery/rights.ts';
import { failoverSettings } from '../site-recovery/settings.ts';
import type { FailoverSettings } from '../site-recovery/settings.ts';
import { act } from './act.ts';
import { check } from './check.ts';
import { foresee } from './foresee.ts';
import { observe } from './observe.ts';
import { undo } from './undo.ts';
import { verify } from './verify.ts';

export const siteRecoveryFailover: StepKind<FailoverSettings> = {
  uses: 'site-recovery/failover',
  summary: 'Fails replicated Azure virtual machines over to the other region, without committing.',
  settings: failoverSettings,
  effect: 'changes',
  makesWritable: true,
  // A job that was accepted is listed at once; a plan shows itself in its items a minute later.
  settleSeconds: 60,
  typicalSeconds: ({ recoveryPlan }) => (recoveryPlan === undefined ? 140 : 205),
  resources: ({ vault, machines }) =>
    machines.map((name) => `${vault}/machines/${name.toLowerCase()}`),
  // The machines' ids are known to Site Recovery only: without their groups they may be anywhere in the subscription.
  permissions: ({ vault, sourceGroup, targetGroup }) => [
    ...vaultRights(vault, 'unplannedFailover'),
    ...machineRights([sourceGroup ?? subscriptionOf(vault), targetGroup ?? subscriptionOf(vault)]),
  ],
  describe: ({ machines }, { mode, to }) =>
    `Bring up ${machines.join(', ')} at ${to} from their replicas` +
    (mode === 'planned'
      ? ', once everything written before the application was closed has arrived.'
      : '; what has not arrived there is lost.'),
  check,
  foresee,
  forward: {
    observe,
    act,
    poll: (context, _settings, operation) => followJob(context, operation),
    verify,
  },
  undoSafety: () => 'degrading',
  undo,
};
