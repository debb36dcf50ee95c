import type { Instant } from '../core/clock.ts';
import type { DrillLevel, TerminalState } from '../core/execution.ts';
import { asRow, loaded, replaced, whileContended } from './partition.ts';
import { isRowConflict } from './tables.ts';
import type { Tables } from './tables.ts';

/** How one drill ended, or why it was not held. */
export interface DrillNote {
  readonly plan: string;
  readonly level: DrillLevel;
  /** Its end, or when it was given up. */
  readonly at: Instant;
  /** Null when there was none. */
  readonly execution: string | null;
  readonly is: TerminalState | 'skipped';
  readonly sentence: string;
}

/** What became of the last window of a line of the calendar. */
export interface WindowState {
  readonly begins: Instant;
  readonly is: 'seen' | 'waiting' | 'begun' | 'skipped';
  /** Why it waits. */
  readonly why?: string;
}

/** One plan's drills as they stand: its row. */
export interface DrillStanding {
  readonly plan: string;
  /** Since when its drills are looked after. */
  readonly since: Instant;
  /** By line of the calendar. */
  readonly windows: Readonly<Record<string, WindowState>>;
  /** The last drill of each level that came to a result, good or bad. */
  readonly held: Readonly<Partial<Record<DrillLevel, DrillNote>>>;
  /** When it was last said that a line is overdue. */
  readonly told: Readonly<Record<string, Instant>>;
  /** A live drill that has gone there and not back yet. */
  readonly goBack?: { readonly execution: string; readonly site: string };
}

export interface Drills {
  /** Of every plan that has any. */
  standings(): Promise<ReadonlyMap<string, DrillStanding>>;
  /** False when somebody else has changed it since `before` was read. */
  save(before: DrillStanding | null, after: DrillStanding): Promise<boolean>;
  /** Keeps how a drill ended; the same note twice is one. */
  note(note: DrillNote, goBack?: DrillStanding['goBack']): Promise<void>;
  /** Newest first. */
  history(limit: number): Promise<readonly DrillNote[]>;
}

const STANDINGS = 'drills';
const HISTORY = 'drill-history';

export function createDrills(tables: Tables): Drills {
  async function change(
    plan: string,
    at: Instant,
    revise: (standing: DrillStanding) => DrillStanding,
  ): Promise<void> {
    await whileContended(8, async () => {
      const row = await tables.get('plans', STANDINGS, plan);
      const before = row === null ? null : loaded<DrillStanding>(row);
      const after = revise(before?.value ?? nothingYet(plan, at));
      await tables.write('plans', STANDINGS, [
        before === null
          ? { do: 'insert', row: plan, value: asRow(after) }
          : replaced(plan, before, after),
      ]);
    });
  }

  return {
    async standings() {
      const rows = await tables.query('plans', STANDINGS);
      return new Map(rows.map((row) => [row.key, loaded<DrillStanding>(row).value]));
    },

    async save(before, after) {
      const row = await tables.get('plans', STANDINGS, after.plan);
      const now = row === null ? null : loaded<DrillStanding>(row);
      if (JSON.stringify(now?.value ?? null) !== JSON.stringify(before)) return false;
      try {
        await tables.write('plans', STANDINGS, [
          now === null
            ? { do: 'insert', row: after.plan, value: asRow(after) }
            : replaced(after.plan, now, after),
        ]);
        return true;
      } catch (error) {
        if (!isRowConflict(error)) throw error;
        return false;
      }
    },

    async note(note, goBack) {
      const { plan, level, at, is, execution } = note;
      // Later ones first: row keys sort upwards, so time is counted down.
      const key = `${9_999_999_999_999 - Date.parse(at)}~${plan}~${level}~${execution ?? ''}`;
      await tables.write('plans', HISTORY, [{ do: 'put', row: key, value: asRow(note) }]);
      if (!cameToResult(is)) return;
      await change(plan, at, (standing) => {
        const { goBack: before, ...rest } = standing;
        const next = goBack ?? (before?.execution === execution ? undefined : before);
        return {
          ...rest,
          held: { ...standing.held, [level]: note },
          ...(next === undefined ? {} : { goBack: next }),
        };
      });
    },

    async history(limit) {
      const rows = await tables.query('plans', HISTORY, { limit });
      return rows.map((row) => loaded<DrillNote>(row).value);
    },
  };
}

export function nothingYet(plan: string, since: Instant): DrillStanding {
  return { plan, since, windows: {}, held: {}, told: {} };
}

/** A drill that was cancelled, or that nobody agreed to, has told nothing. */
function cameToResult(is: DrillNote['is']): boolean {
  return is === 'succeeded' || is === 'failed' || is === 'refused' || is === 'compensated';
}
