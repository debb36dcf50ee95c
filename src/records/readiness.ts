import type { Instant } from '../core/clock.ts';
import type { Mode } from '../core/execution.ts';
import type { Finding } from '../core/finding.ts';
import { asRow, loaded } from './partition.ts';
import type { Tables } from './tables.ts';

/** Whether a plan could be run, as of its latest check. */
export interface Readiness {
  readonly plan: string;
  readonly planHash: string;
  readonly at: Instant;
  /** The site that served then, and the one that was asked whether it could take over. */
  readonly from: string;
  readonly to: string;
  /** The worst first. */
  readonly findings: readonly ReadinessFinding[];
}

export interface ReadinessFinding extends Finding {
  /** The kind of run that it stands in the way of; absent when it concerns every one. */
  readonly mode?: Mode;
  /** Whose resource it is about; absent when it is neither site's alone. */
  readonly side?: 'left' | 'entered';
}

export interface ReadinessRecords {
  of(plan: string): Promise<Readiness | null>;
  /** Of every plan that was ever checked, by its name. */
  all(): Promise<ReadonlyMap<string, Readiness>>;
  put(readiness: Readiness): Promise<void>;
}

const PARTITION = 'readiness';

export function createReadinessRecords(tables: Tables): ReadinessRecords {
  return {
    async of(plan) {
      const row = await tables.get('plans', PARTITION, plan);
      return row === null ? null : loaded<Readiness>(row).value;
    },
    async all() {
      const rows = await tables.query('plans', PARTITION);
      return new Map(rows.map((row) => [row.key, loaded<Readiness>(row).value]));
    },
    put: (readiness) =>
      tables.write('plans', PARTITION, [
        { do: 'put', row: readiness.plan, value: asRow(readiness) },
      ]),
  };
}
