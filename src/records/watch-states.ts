import type { Instant } from '../core/clock.ts';
import type { Standing, Verdict, VerdictIs } from '../core/watching.ts';
import { asRow, loaded, replaced } from './partition.ts';
import type { Loaded } from './partition.ts';
import { isRowConflict, withPrefix } from './tables.ts';
import type { Change, Tables } from './tables.ts';

/** What the watch keeps of a plan from one tick to the next. */
export interface WatchState {
  readonly plan: string;
  /** The site that served when it was looked at. */
  readonly active: string;
  /** The tick that wrote it. */
  readonly at: Instant;
  /** When everything was read, also what is read seldom. */
  readonly readAllAt: Instant | null;
  readonly standings: readonly Standing[];
  /** Hash of what was looked at and how; absent in older rows. */
  readonly signals?: string;
  readonly verdict: Verdict;
  /** Since when the verdict is what it is. */
  readonly since: Instant;
  /** Since when the site is taken for failed; null as soon as it is taken for healthy again. */
  readonly failedSince: Instant | null;
  /** When it was last explained. */
  readonly toldAt: Instant;
}

/** An evaluation as people read it afterwards. Equal ones in a row are one entry. */
export interface Explanation {
  readonly at: Instant;
  /** The last time that it was the same. */
  readonly until: Instant;
  readonly is: VerdictIs;
  readonly sentence: string;
  readonly because: readonly string[];
  /** What kept Switchover from doing anything. */
  readonly restraints: readonly string[];
  /** What was done; null when nothing was. */
  readonly did: string | null;
}

export type Told = Omit<Explanation, 'until'>;

interface Revision {
  readonly before: Loaded<WatchState> | null;
  readonly after: WatchState;
}

export interface WatchStates {
  all(): Promise<ReadonlyMap<string, Loaded<WatchState>>>;
  of(plan: string): Promise<WatchState | null>;
  /** Writes what was not changed by anybody else since it was read, and tells which plans those are. */
  save(states: readonly Revision[]): Promise<ReadonlySet<string>>;
  /** Adds an evaluation, and returns the one before it. */
  explain(plan: string, told: Told): Promise<Explanation | null>;
  /** Newest first. */
  explanations(plan: string): Promise<readonly Explanation[]>;
}

const PARTITION = 'watch';
const EXPLAINED = 'watch-explained';
const STATE = 'state~';
/** A batch of the Tables holds 100 rows and 4 MiB. */
const TOGETHER = 50;
/** An hour in which every tick says something else. */
const KEPT = 120;

export function createWatchStates(tables: Tables): WatchStates {
  const write = (revisions: readonly Revision[]): Promise<void> =>
    tables.write('plans', PARTITION, revisions.map(changeOf));

  /** True when they were written; false when somebody else has written one of them meanwhile. */
  async function tried(revisions: readonly Revision[]): Promise<boolean> {
    try {
      await write(revisions);
      return true;
    } catch (error) {
      if (!isRowConflict(error)) throw error;
      return false;
    }
  }

  return {
    async all() {
      const rows = await tables.query('plans', PARTITION, withPrefix(STATE));
      return new Map(
        rows.map((row) => {
          const state = loaded<WatchState>(row);
          return [state.value.plan, state];
        }),
      );
    },

    async of(plan) {
      const row = await tables.get('plans', PARTITION, `${STATE}${plan}`);
      return row === null ? null : loaded<WatchState>(row).value;
    },

    async save(states) {
      const saved = new Set<string>();
      for (let start = 0; start < states.length; start += TOGETHER) {
        const batch = states.slice(start, start + TOGETHER);
        const together = await tried(batch);
        for (const revision of batch) {
          if (together || (batch.length > 1 && (await tried([revision]))))
            saved.add(revision.after.plan);
        }
      }
      return saved;
    },

    async explain(plan, told) {
      const row = await tables.get('plans', EXPLAINED, plan);
      const known = row === null ? [] : loaded<{ all: readonly Explanation[] }>(row).value.all;
      const all = withOneMore(known, told);
      await tables.write('plans', EXPLAINED, [{ do: 'put', row: plan, value: asRow({ all }) }]);
      return known[0] ?? null;
    },

    async explanations(plan) {
      const row = await tables.get('plans', EXPLAINED, plan);
      return row === null ? [] : loaded<{ all: readonly Explanation[] }>(row).value.all;
    },
  };
}

function changeOf({ before, after }: Revision): Change {
  const row = `${STATE}${after.plan}`;
  return before === null
    ? { do: 'insert', row, value: asRow(after) }
    : replaced(row, before, after);
}

function withOneMore(known: readonly Explanation[], told: Told): readonly Explanation[] {
  const [last, ...earlier] = known;
  if (last === undefined || !saysTheSame(last, told))
    return [{ ...told, until: told.at }, ...known].slice(0, KEPT);
  return [{ ...last, because: told.because, until: told.at }, ...earlier];
}

/** Whatever each signal saw meanwhile. */
export function saysTheSame(one: Told, other: Told): boolean {
  return (
    one.is === other.is &&
    one.sentence === other.sentence &&
    one.did === other.did &&
    one.restraints.join() === other.restraints.join()
  );
}
