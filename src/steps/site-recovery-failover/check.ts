import type { ProtectedItem } from '../../azure/access.ts';
import { formatSeconds } from '../../core/duration.ts';
import type { Finding } from '../../core/finding.ts';
import { canonicalId, isWithin } from '../../core/resource-id.ts';
import type { StepContext } from '../contract.ts';
import { activeRegion, allows, isIn, isTested, lookAtVault } from '../site-recovery/items.ts';
import { planFindings, unclearFindings } from '../site-recovery/plan-findings.ts';
import type { FailoverSettings } from '../site-recovery/settings.ts';

/** Whether every machine could fail over now, as far as reading tells. */
export async function check(
  context: StepContext,
  settings: FailoverSettings,
): Promise<readonly Finding[]> {
  const vault = await lookAtVault(context, settings);
  return [
    ...unclearFindings(settings, vault).map((finding) => ({
      ...finding,
      impossible: true as const,
    })),
    ...vault.items.flatMap((item) => ofItem(context, settings, item)),
    ...planFindings(settings, vault, 'failed over'),
  ];
}

function ofItem(
  context: StepContext,
  { sourceGroup, targetGroup }: FailoverSettings,
  item: ProtectedItem,
): readonly Finding[] {
  const finding: Say = (severity, problem, remedy) => ({
    severity,
    resource: item.id,
    problem: `${item.friendlyName} ${problem}`,
    remedy,
  });
  if (item.provider !== 'A2A') {
    return [
      {
        ...finding(
          'critical',
          `is replicated by ${item.provider}`,
          'Only Azure-to-Azure replication can be failed over.',
        ),
        impossible: true,
      },
    ];
  }
  if (isIn(item, context.execution.to.region)) {
    return [
      finding(
        'info',
        `already runs in ${activeRegion(item)}`,
        'None is needed: the step would find its goal met for it.',
      ),
    ];
  }
  const couldMove = allows(item, 'UnplannedFailover') || isTested(item);
  return [
    ...ofState(item, couldMove, finding),
    ...ofHealth(context, item, finding),
    ...(couldMove ? ofSource(sourceGroup, item, finding) : []),
    ...(couldMove ? ofTarget(targetGroup, item, finding) : []),
  ];
}

/** Says something of one item. */
type Say = (severity: Finding['severity'], problem: string, remedy: string) => Finding;

function ofState(item: ProtectedItem, couldMove: boolean, finding: Say): readonly Finding[] {
  const found: Finding[] = [];
  if (isTested(item)) {
    const problem = 'has a test failover that was not cleaned up';
    found.push(finding('critical', problem, 'Clean up the test failover.'));
  }
  if (item.currentScenario !== null) {
    const problem = `is busy with ${item.currentScenario.name}`;
    found.push(finding('critical', problem, 'Wait for the end of the job.'));
  }
  if (!couldMove) {
    const problem = `is ${item.protectionState} and cannot fail over`;
    const remedy =
      'Reprotect it, so that it replicates in this direction, and wait until it is Protected.';
    found.push({ ...finding('critical', problem, remedy), impossible: true });
  }
  return found;
}

/** The rights to stop and start it are given in that group. */
function ofSource(
  sourceGroup: string | undefined,
  { sourceMachineId: id }: ProtectedItem,
  finding: Say,
): readonly Finding[] {
  if (sourceGroup === undefined || id === '' || isWithin(id, sourceGroup)) return [];
  const remedy = "Set the step's sourceGroup to the group of the machine, and make the roles anew.";
  return [finding('critical', `is ${id}, which is not in ${sourceGroup}`, remedy)];
}

function ofTarget(
  targetGroup: string | undefined,
  { recoveryResourceGroupId: made }: ProtectedItem,
  finding: Say,
): readonly Finding[] {
  if (targetGroup === undefined || made === null || canonicalId(made) === canonicalId(targetGroup))
    return [];
  const remedy = `Set its target resource group to ${targetGroup}.`;
  return [finding('critical', `would be made in ${made}`, remedy)];
}

function ofHealth(context: StepContext, item: ProtectedItem, finding: Say): readonly Finding[] {
  const { replicationHealth, failoverHealth, rpoSeconds } = item;
  const sick = replicationHealth === 'Warning' || replicationHealth === 'Critical';
  const stale = rpoSeconds !== null && rpoSeconds > context.dataLossLimitSeconds;
  return [
    ...(sick
      ? [
          finding(
            replicationHealth === 'Critical' ? 'critical' : 'warning',
            `has replication health ${replicationHealth}`,
            'See its health errors in the vault.',
          ),
        ]
      : []),
    ...(failoverHealth === 'Warning'
      ? [
          finding(
            'info',
            'has failover health Warning; often because it never had a test failover',
            'Do a test failover.',
          ),
        ]
      : []),
    ...(stale
      ? [
          finding(
            'warning',
            `would lose up to ${formatSeconds(rpoSeconds)}, more than the plan's limit`,
            'See why its replication lags.',
          ),
        ]
      : []),
  ];
}
