import type { Finding } from '../../core/finding.ts';
import { canonicalId } from '../../core/resource-id.ts';
import type { Vault } from './items.ts';
import type { CommitSettings } from './settings.ts';

/** The machines that the plan names and the vault does not know for sure. */
export function unclearFindings({ vault }: CommitSettings, { unclear }: Vault): readonly Finding[] {
  return unclear.map((name) => ({
    severity: 'critical',
    resource: vault,
    problem: `${name} is not protected by exactly one item`,
    remedy: 'Replicate the machine once, or correct its name in the plan.',
  }));
}

/** Whether the recovery plan would be used; what it would do to each machine is `done`. */
export function planFindings(
  { vault, recoveryPlan }: CommitSettings,
  { plan, items }: Vault,
  done: 'failed over' | 'tested',
): readonly Finding[] {
  if (recoveryPlan === undefined) return [];
  const resource = `${vault}/replicationRecoveryPlans/${recoveryPlan}`;
  if (plan === null) {
    return [
      {
        severity: 'warning',
        resource,
        problem: `the recovery plan does not exist; each machine would be ${done} by itself`,
        remedy: 'Create the recovery plan, or leave it out.',
      },
    ];
  }
  const covered = new Set(plan.groups.flat().map(canonicalId));
  const wanted = new Set(items.map(({ id }) => canonicalId(id)));
  if (covered.size === wanted.size && [...wanted].every((id) => covered.has(id))) return [];
  return [
    {
      severity: 'warning',
      resource,
      problem: `the recovery plan does not hold exactly the machines of this step; each would be ${done} by itself, without its boot order`,
      remedy: 'Give the recovery plan and the step the same machines.',
    },
  ];
}
