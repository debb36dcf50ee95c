import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { DeployedPlans, DeployedText, DeployedVersion } from '../records/deployed-plans.ts';

/** The newest version of a plan that was pushed, as the catalogue reads it. */
export type DeployedFile = DeployedText & {
  readonly file: string;
  readonly version: DeployedVersion;
};

export interface DeployedSource {
  list(): Promise<readonly DeployedFile[]>;
}

/** Texts never change, but one may be removed or changed by hand: that shows after this time. */
const LOOK_AGAIN_MS = 5 * 60_000;

interface Kept {
  readonly hash: string;
  readonly text: string;
  readonly readAt: number;
}

/**
 * The plans that were pushed. Which versions are the newest is read at every use, so no instance works with an older
 * one than the others. Texts are kept: what has the hash that the row names is the plan, even while it cannot be read.
 */
export function deployedSource(
  deployed: Pick<DeployedPlans, 'newest' | 'text'>,
  clock: Clock,
): DeployedSource {
  const kept = new Map<string, Kept>();

  async function textOf(version: DeployedVersion): Promise<DeployedText> {
    const { plan, hash } = version;
    const known = kept.get(plan);
    const same = known?.hash === hash ? known : null;
    if (same !== null && clock.now() - same.readAt < LOOK_AGAIN_MS) return { text: same.text };
    try {
      const found = await deployed.text(version);
      if ('lost' in found) kept.delete(plan);
      else kept.set(plan, { hash, text: found.text, readAt: clock.now() });
      return found;
    } catch (error) {
      return same === null ? { lost: messageOf(error) } : { text: same.text };
    }
  }

  return {
    async list() {
      const standing = (await deployed.newest()).filter(({ retired }) => retired !== true);
      return Promise.all(
        standing.map(async (version) => ({
          file: `${version.plan}.yaml`,
          version,
          ...(await textOf(version)),
        })),
      );
    },
  };
}
