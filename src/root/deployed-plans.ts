import { SwitchoverError } from '../core/errors.ts';
import type { Plans } from '../functions/services.ts';
import type { PlanDeps } from '../orchestration/plans/deps.ts';
import { pushPlan } from '../orchestration/plans/push.ts';
import { retirePlan } from '../orchestration/plans/retire.ts';

type Doors = Pick<Plans, 'push' | 'retire' | 'versions' | 'version'>;

/** What the doors ask of plans that are pushed. */
export function createDeploymentDoors(deps: PlanDeps): Doors {
  const { deployed } = deps;
  return {
    push: (order) => pushPlan(deps, order),
    retire: (order) => retirePlan(deps, order),

    versions: (name) => deployed.history(name),

    async version(name, number) {
      const version =
        number === 'newest'
          ? ((await deployed.of(name))?.value ?? null)
          : await deployed.version(name, number);
      if (version === null) return null;
      const found = await deployed.text(version);
      if ('text' in found) return { ...version, text: found.text };
      throw new SwitchoverError(
        'STORE_UNAVAILABLE',
        `Version ${version.number} of ${name} cannot be read: ${found.lost}. Restore the document from its earlier versions in the plans container; the newest version can also be pushed again.`,
      );
    },
  };
}

/** Where the package brings the plans along, nothing can be changed from outside it. */
export function createPackageDoors(folder: string): Doors {
  const refused = (): Promise<never> =>
    Promise.reject(
      new SwitchoverError(
        'PLANS_IN_PACKAGE',
        `This app reads its plans from the folder ${folder} of its package: they change with it. Where people sign in plans can be pushed: set SWITCHOVER_PLANS=blob (docs/operations.md).`,
      ),
    );
  return { push: refused, retire: refused, versions: refused, version: refused };
}
