import type { Instant } from '../core/clock.ts';
import type { Principal } from '../core/principal.ts';
import { asRow, loaded } from './partition.ts';
import { withPrefix } from './tables.ts';
import type { Change, Tables } from './tables.ts';

/** A person's word on what may start by itself. */
export interface RestraintChange {
  readonly what: 'held' | 'hold-lifted' | 'cooldown-lifted';
  /** Null when it is of all plans. */
  readonly plan: string | null;
  readonly by: Principal;
  readonly at: Instant;
  readonly reason: string;
}

export interface Restraints {
  record(change: RestraintChange): Promise<void>;
  /** The hold that stands; null when none does. */
  hold(): Promise<RestraintChange | null>;
  /** The last time that the plan's cool-down was lifted. */
  lift(plan: string): Promise<RestraintChange | null>;
  /** Newest first: every change of every restraint. */
  history(limit: number): Promise<readonly RestraintChange[]>;
}

const PARTITION = 'restraints';
const HOLD = 'now~hold';
const HISTORY = 'past~';

/** What stands now and the history of how it came are written together. */
export function createRestraints(tables: Tables): Restraints {
  const read = async (row: string): Promise<RestraintChange | null> => {
    const found = await tables.get('plans', PARTITION, row);
    return found === null ? null : loaded<RestraintChange>(found).value;
  };
  return {
    async record(change) {
      const { what, plan, at, by } = change;
      const now = what === 'cooldown-lifted' ? liftRow(plan ?? '') : HOLD;
      // Later ones first: row keys sort upwards, so time is counted down.
      const past = `${HISTORY}${9_999_999_999_999 - Date.parse(at)}~${what}~${plan ?? ''}~${encodeURIComponent(by.id).replaceAll('%', '=')}`;
      await tables.write(
        'plans',
        PARTITION,
        [now, past].map((row): Change => ({ do: 'put', row, value: asRow(change) })),
      );
    },
    async hold() {
      const found = await read(HOLD);
      return found?.what === 'held' ? found : null;
    },
    lift: (plan) => read(liftRow(plan)),
    async history(limit) {
      const rows = await tables.query('plans', PARTITION, { ...withPrefix(HISTORY), limit });
      return rows.map((row) => loaded<RestraintChange>(row).value);
    },
  };
}

function liftRow(plan: string): string {
  return `now~lift~${plan}`;
}
