import { canonicalId, resourceName } from '../../../src/core/resource-id.ts';
import { Refusal, errorResponse } from '../errors.ts';
import type { WireRequest, WireResponse, World } from '../service.ts';
import type { JobPlan } from './jobs.ts';
import { launch } from './operations.ts';
import { parseBody, recoveryPlanBody } from './requests.ts';
import { step, task } from './tasks.ts';
import { addPlan } from './vault.ts';
import type { Vault } from './vault.ts';

/** PUT of a plan: through in less than a second, but a long-running operation as every other. */
export function savePlan(
  world: World,
  vault: Vault,
  request: WireRequest,
  { planId, result }: { readonly planId: string; readonly result: () => WireResponse },
): WireResponse {
  const groups = groupsOf(vault, request);
  const name = resourceName(planId);
  const job: JobPlan = {
    scenario: 'SaveRecoveryPlan',
    friendlyName: 'Save a recovery plan',
    target: { id: planId, name, type: 'RecoveryPlan' },
    tasks: [
      task('SaveRecoveryPlanTask', 'Save the recovery plan', () => [
        step('Save', 0.5, {
          complete: () => {
            const known = vault.plans.get(name.toLowerCase());
            if (known === undefined) addPlan(vault, name, groups);
            else known.groups = groups;
            return 'done';
          },
        }),
      ]),
    ],
    ended: () => undefined,
  };
  return launch(world.newId(), {
    world,
    vault,
    request,
    plan: job,
    result,
    effect: `recovery plan ${name} saved`,
  });
}

function groupsOf({ items }: Vault, request: WireRequest): readonly (readonly string[])[] {
  const { groups } = parseBody(recoveryPlanBody, request.body).properties;
  return groups
    .filter(({ groupType }) => groupType === 'Boot')
    .map(({ replicationProtectedItems }) =>
      (replicationProtectedItems ?? []).map(({ id }) => {
        const found = items.get(canonicalId(id));
        if (found !== undefined) return found.managementId;
        throw new Refusal(
          errorResponse(400, '506', `The plan names a protected item that does not exist: ${id}.`),
        );
      }),
    );
}
