import type { ProtectedItem } from '../../azure/access.ts';
import type { Finding } from '../../core/finding.ts';
import { resourceName, sameResource } from '../../core/resource-id.ts';
import type { StepContext } from '../contract.ts';
import { allows, isTested, lookAtVault, names, sameRegion } from '../site-recovery/items.ts';
import { planFindings, unclearFindings } from '../site-recovery/plan-findings.ts';
import type { TestFailoverSettings } from '../site-recovery/settings.ts';

/** Whether every machine could be tested now, in a network that nothing of production is in. */
export async function check(
  context: StepContext,
  settings: TestFailoverSettings,
): Promise<readonly Finding[]> {
  const vault = await lookAtVault(context, settings);
  return [
    ...unclearFindings(settings, vault),
    ...vault.items.flatMap((item) => ofItem(context, settings, item)),
    ...(await ofNetwork(context, settings, vault.items)),
    ...planFindings(settings, vault, 'tested'),
  ];
}

function ofItem(
  { execution: { to } }: StepContext,
  { adoptLeftover }: TestFailoverSettings,
  item: ProtectedItem,
): readonly Finding[] {
  const critical = (problem: string, remedy: string): Finding[] => [
    { severity: 'critical', resource: item.id, problem: `${item.friendlyName} ${problem}`, remedy },
  ];
  const { provider, recoveryLocation, currentScenario, protectionState } = item;
  if (provider !== 'A2A')
    return critical(
      `is replicated by ${provider}`,
      'Only Azure-to-Azure replication can be tested.',
    );
  if (!sameRegion(recoveryLocation, to.region))
    return critical(
      `replicates to ${recoveryLocation}, not to ${to.region}`,
      'Reprotect it, so that it replicates in this direction.',
    );
  if (isTested(item) || currentScenario?.name === 'TestFailover')
    return adoptLeftover
      ? []
      : critical(
          'has a test failover that was not cleaned up',
          'Clean up the test failover, or set adoptLeftover.',
        );
  if (currentScenario !== null)
    return critical(`is busy with ${currentScenario.name}`, 'Wait for the end of the job.');
  return allows(item, 'TestFailover')
    ? []
    : critical(
        `is ${protectionState} and allows no test failover`,
        'Wait until it is Protected; replicate it anew if it never will be.',
      );
}

async function ofNetwork(
  context: StepContext,
  { network }: TestFailoverSettings,
  items: readonly ProtectedItem[],
): Promise<readonly Finding[]> {
  const found = await context.azure.network.virtualNetwork(network);
  const finding = (severity: Finding['severity'], problem: string, remedy: string): Finding => ({
    severity,
    resource: network,
    problem,
    remedy,
  });
  if (found === null)
    return [
      finding(
        'critical',
        'the network does not exist',
        'Create it, or correct its id in the plan.',
      ),
    ];
  const { region } = context.execution.to;
  const serving = items.filter(
    ({ recoveryNetworkId }) =>
      recoveryNetworkId !== null && sameResource(recoveryNetworkId, network),
  );
  return [
    ...(sameRegion(found.location, region)
      ? []
      : [
          finding(
            'critical',
            `the network is in ${found.location}, not in ${region}`,
            'Name a network in the region that is entered.',
          ),
        ]),
    ...(serving.length === 0
      ? []
      : [
          finding(
            'critical',
            `a real failover of ${names(serving)} would use this network: test machines in it could be taken for the real ones`,
            'Name a network of its own for tests.',
          ),
        ]),
    ...(found.peers.length === 0
      ? []
      : [
          finding(
            'warning',
            `the network is peered with ${found.peers.map(resourceName).join(', ')}, so test machines can reach it`,
            'Remove the peering, or make sure that nothing there takes the test machines for the real ones.',
          ),
        ]),
  ];
}
