import type { ProtectedItem } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { Call, Motion, StepContext, StepKind } from '../contract.ts';
import { sentBy } from '../operation.ts';
import {
  allows,
  isCommitted,
  isIn,
  jobOperation,
  lookAtVault,
  names,
  planFor,
  planJob,
  unclearMachines,
} from '../site-recovery/items.ts';
import type { Vault } from '../site-recovery/items.ts';
import { followJob } from '../site-recovery/job.ts';
import { vaultRights } from '../site-recovery/rights.ts';
import { commitSettings } from '../site-recovery/settings.ts';
import type { CommitSettings } from '../site-recovery/settings.ts';

const LOOK_SECONDS = 5;

const forward: Motion<CommitSettings> = {
  async observe(context, settings) {
    const vault = await lookAtVault(context, settings);
    const facts = {
      items: vault.items.map((item) => ({ name: item.friendlyName, state: item.protectionState })),
    };
    const left = rest(context, vault);
    if (left.length === 0 && vault.unclear.length === 0) {
      return { goal: 'met', sentence: `${names(vault.items)} are committed.`, facts };
    }
    const busy = left.flatMap(({ currentScenario }) => currentScenario ?? [])[0];
    const operation =
      busy === undefined
        ? await planJob(context, vault, 'CommitFailover')
        : busy.name === 'CommitFailover'
          ? jobOperation('found', busy)
          : null;
    if (operation !== null) {
      return { goal: 'moving', sentence: `${operation.name} commits.`, facts, operation };
    }
    if (busy !== undefined) {
      const sentence = `Waits for the end of ${busy.name} (${busy.jobId}).`;
      return { goal: 'blocked', sentence, facts, retryAfterSeconds: LOOK_SECONDS };
    }
    return { goal: 'unmet', sentence: `${names(left)} are not committed.`, facts };
  },

  async act(context, settings) {
    const vault = await lookAtVault(context, settings);
    if (vault.unclear.length > 0) return unclearMachines(vault, settings);
    const left = rest(context, vault);
    const refused = left.filter((item) => !allows(item, 'Commit'));
    if (refused.length > 0) {
      const states = refused.map((item) => `${item.friendlyName} is ${item.protectionState}`);
      const message = `Site Recovery does not allow a commit: ${states.join('; ')}. Fail over first.`;
      return { refuse: { code: 'COMMIT_NOT_ALLOWED', message } };
    }
    const plan = planFor(vault, left, 'Commit');
    return plan === null
      ? left.map((item) => commitItem(context, item))
      : [commitPlan(context, settings, plan.name)];
  },

  poll: (context, _settings, operation) => followJob(context, operation),

  async verify(context, settings) {
    const vault = await lookAtVault(context, settings);
    const left = rest(context, vault);
    return left.length === 0 && vault.unclear.length === 0
      ? {
          holds: true,
          sentence: `${names(vault.items)} are committed.`,
          proof: {
            items: vault.items.map(({ friendlyName, protectionState }) => ({
              name: friendlyName,
              state: protectionState,
            })),
          },
        }
      : {
          holds: false,
          sentence: `${[...left.map(({ friendlyName }) => friendlyName), ...vault.unclear].join(', ')} are not committed.`,
          retryAfterSeconds: LOOK_SECONDS,
        };
  },
};

/** Those that still need it: a machine that is protected the other way was committed before. */
function rest(context: StepContext, { items }: Vault): readonly ProtectedItem[] {
  const { region } = context.execution.to;
  return items.filter(
    (item) => !isIn(item, region) || (item.activeLocation === 'Recovery' && !isCommitted(item)),
  );
}

function commitPlan(context: StepContext, { vault }: CommitSettings, plan: string): Call {
  return {
    name: 'commit',
    sentence: `POST failoverCommit of recovery plan ${plan}`,
    send: async (signal) =>
      sentBy('commit', await context.azure.siteRecovery.commitPlan(vault, plan, signal)),
  };
}

function commitItem(context: StepContext, item: ProtectedItem): Call {
  const name = `commit:${item.friendlyName}`;
  return {
    name,
    sentence: `POST failoverCommit of ${item.friendlyName}`,
    send: async (signal) =>
      sentBy(name, await context.azure.siteRecovery.commitItem(item.id, signal)),
  };
}

/** Whether there is something to commit shows only after the failover, so nothing is checked at rest. */
export const siteRecoveryCommit: StepKind<CommitSettings> = {
  uses: 'site-recovery/commit',
  summary: 'Commits a failover of virtual machines: the other recovery points are deleted.',
  settings: commitSettings,
  effect: 'changes',
  makesWritable: false,
  settleSeconds: 60,
  typicalSeconds: () => 8,
  resources: ({ vault, machines }) =>
    machines.map((name) => `${vault}/machines/${name.toLowerCase()}`),
  permissions: ({ vault }) => vaultRights(vault, 'failoverCommit'),
  describe: ({ vault, machines }) =>
    `Commit the failover of ${machines.join(', ')} in ${resourceName(vault)}. There is no way back but failing back.`,
  check: async () => [],
  foresee: async (context, settings) =>
    rest(context, await lookAtVault(context, settings)).map(({ id, friendlyName }) => ({
      resource: id,
      now: `the failover of ${friendlyName} is not committed`,
      then: 'committed: no way back but failing back',
    })),
  forward,
  undoSafety: () => 'impossible',
};
