import { sha256 } from '../core/chain.ts';
import type { PlanVersion } from '../core/plan-version.ts';
import type { Blobs } from './blobs.ts';
import { asRow, loaded, padded, replaced } from './partition.ts';
import type { Loaded } from './partition.ts';
import { isRowConflict, withPrefix } from './tables.ts';
import type { Tables } from './tables.ts';

/** A version with the plan that it is of. */
export interface DeployedVersion extends PlanVersion {
  readonly plan: string;
}

/** A text as it was pushed; or why that is not to be had any more. */
export type DeployedText = { readonly text: string } | { readonly lost: string };

/**
 * Plans that were pushed. What counts is a row, which changes by conditional write: it names the newest version and
 * the hash of its text. Texts are documents named by their hashes, so none ever changes, and one that was changed by
 * hand is no version of anything.
 */
export interface DeployedPlans {
  /** Of every plan that was ever pushed, also of those that were retired. */
  newest(): Promise<readonly DeployedVersion[]>;
  of(plan: string): Promise<Loaded<DeployedVersion> | null>;
  /** Newest first. */
  history(plan: string): Promise<readonly DeployedVersion[]>;
  version(plan: string, number: number): Promise<DeployedVersion | null>;
  text(version: DeployedVersion): Promise<DeployedText>;
  /** Adds the version that follows `before`; false when another one does. Without a text the last one stays. */
  add(
    version: DeployedVersion,
    before: Loaded<DeployedVersion> | null,
    text?: string,
  ): Promise<boolean>;
}

const PARTITION = 'deployed';
const NEWEST = 'newest~';

export function createDeployedPlans(tables: Tables, blobs: Blobs): DeployedPlans {
  const read = async (row: string): Promise<Loaded<DeployedVersion> | null> => {
    const found = await tables.get('plans', PARTITION, row);
    return found === null ? null : loaded<DeployedVersion>(found);
  };
  const list = async (prefix: string): Promise<DeployedVersion[]> => {
    const rows = await tables.query('plans', PARTITION, withPrefix(prefix));
    return rows.map((row) => loaded<DeployedVersion>(row).value);
  };
  return {
    newest: () => list(NEWEST),
    of: (plan) => read(NEWEST + plan),
    history: async (plan) => (await list(pastOf(plan))).reverse(),
    version: async (plan, number) => (await read(pastOf(plan) + padded(number)))?.value ?? null,

    async text(version) {
      const name = documentOf(version);
      const text = await blobs.get('plans', name);
      if (text === null) return { lost: `plans/${name} is missing` };
      return sha256(text) === version.hash
        ? { text }
        : { lost: `plans/${name} is not what was pushed: somebody has changed it` };
    },

    async add(version, before, text) {
      // First the text: a version without one must never stand. Named by its hash, it may be written twice.
      if (text !== undefined)
        await blobs.put('plans', documentOf(version), text, 'application/yaml');
      const { plan, number } = version;
      const value = asRow(version);
      try {
        await tables.write('plans', PARTITION, [
          before === null
            ? { do: 'insert', row: NEWEST + plan, value }
            : replaced(NEWEST + plan, before, version),
          { do: 'insert', row: pastOf(plan) + padded(number), value },
        ]);
        return true;
      } catch (error) {
        if (isRowConflict(error)) return false;
        throw error;
      }
    },
  };
}

function pastOf(plan: string): string {
  return `past~${plan}~`;
}

function documentOf({ plan, hash }: DeployedVersion): string {
  return `${plan}/${hash}.yaml`;
}
