import type { z } from 'zod';
import { canonicalId, resourceName, sameResource } from '../../../src/core/resource-id.ts';
import { Refusal, errorResponse } from '../errors.ts';
import type { WireRequest, WireResponse, World } from '../service.ts';
import type { JobPlan } from './jobs.ts';
import { launch } from './operations.ts';
import { parseBody, recoveryPlanBody } from './requests.ts';
import { step, task } from './tasks.ts';
import { addPlan } from './vault.ts';
import type { PlanContent, Vault } from './vault.ts';

type GivenGroups = z.infer<typeof recoveryPlanBody>['properties']['groups'];

/** PUT of a plan: through in less than a second, but a long-running operation as every other. */
export function savePlan(
  world: World,
  vault: Vault,
  request: WireRequest,
  { planId, result }: { readonly planId: string; readonly result: () => WireResponse },
): WireResponse {
  const content = contentOf(vault, request);
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
            if (known === undefined) addPlan(vault, name, content);
            else known.groups = content.groups;
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

function contentOf(vault: Vault, request: WireRequest): PlanContent {
  const { properties } = parseBody(recoveryPlanBody, request.body);
  return {
    primaryFabricId: fabricNamed(vault, properties.primaryFabricId),
    recoveryFabricId: fabricNamed(vault, properties.recoveryFabricId),
    groups: groupsOf(vault, properties.groups),
  };
}

function groupsOf({ items }: Vault, groups: GivenGroups): PlanContent['groups'] {
  return groups
    .filter(({ groupType }) => groupType === 'Boot')
    .map(({ replicationProtectedItems }) =>
      (replicationProtectedItems ?? []).map(({ id }) => {
        const found = items.get(canonicalId(id));
        if (found !== undefined) return found.managementId;
        throw unknown('a protected item', id);
      }),
    );
}

function fabricNamed({ fabrics }: Vault, id: string): string {
  const found = fabrics.find((fabric) => sameResource(fabric.id, id));
  if (found !== undefined) return found.id;
  throw unknown('a fabric', id);
}

function unknown(what: string, id: string): Refusal {
  return new Refusal(
    errorResponse(400, '506', `The plan names ${what} that does not exist: ${id}.`),
  );
}
