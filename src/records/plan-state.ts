import type { Instant } from '../core/clock.ts';
import { asRow, loaded, replaced, whileContended } from './partition.ts';
import { withPrefix } from './tables.ts';
import type { Tables } from './tables.ts';

/** Which side serves, as far as Switchover knows: changed only by an execution, or adopted when found changed. */
export interface ActiveSite {
  readonly plan: string;
  readonly site: string;
  readonly since: Instant;
  readonly by: string;
}

/** The newest replication lag of a plan's databases, the worst of them. */
export interface LagSample {
  readonly plan: string;
  /** Null until there was one. */
  readonly seconds: number | null;
  readonly sampledAt: Instant | null;
  /** The first time that no sample could be had since the last good one: the first bad observation of a dead side. */
  readonly missingSince: Instant | null;
}

export interface PlanStates {
  /** The plan's home when nothing was recorded yet. */
  active(plan: string, home: string): Promise<string>;
  /** Of every plan of which anything was recorded. */
  actives(): Promise<ReadonlyMap<string, string>>;
  setActive(state: ActiveSite): Promise<void>;
  /** Puts down what is taken for serving, unless something is on record. */
  supposeActive(state: ActiveSite): Promise<void>;
  lag(plan: string): Promise<LagSample | null>;
  recordLag(
    plan: string,
    sample: { seconds: number; at: Instant } | null,
    now: Instant,
  ): Promise<void>;
  /** What was sampled was of other databases. */
  forgetLag(plan: string): Promise<void>;
}

const PARTITION = 'plans';

export function createPlanStates(tables: Tables): PlanStates {
  return {
    async active(plan, home) {
      const row = await tables.get('plans', PARTITION, `active~${plan}`);
      return row === null ? home : loaded<ActiveSite>(row).value.site;
    },

    async actives() {
      const rows = await tables.query('plans', PARTITION, withPrefix('active~'));
      const states = rows.map((row) => loaded<ActiveSite>(row).value);
      return new Map(states.map(({ plan, site }) => [plan, site]));
    },

    setActive: (state) =>
      tables.write('plans', PARTITION, [
        { do: 'put', row: `active~${state.plan}`, value: asRow(state) },
      ]),

    supposeActive: (state) =>
      whileContended(4, async () => {
        const row = `active~${state.plan}`;
        if ((await tables.get('plans', PARTITION, row)) !== null) return;
        await tables.write('plans', PARTITION, [{ do: 'insert', row, value: asRow(state) }]);
      }),

    async lag(plan) {
      const row = await tables.get('plans', PARTITION, `lag~${plan}`);
      return row === null ? null : loaded<LagSample>(row).value;
    },

    forgetLag: (plan) => tables.write('plans', PARTITION, [{ do: 'delete', row: `lag~${plan}` }]),

    recordLag: (plan, sample, now) =>
      whileContended(4, async () => {
        const key = `lag~${plan}`;
        const row = await tables.get('plans', PARTITION, key);
        const before = row === null ? null : loaded<LagSample>(row);
        const last = before?.value ?? { plan, seconds: null, sampledAt: null, missingSince: null };
        const next: LagSample =
          sample === null
            ? // Silence means something only after there was a sound.
              { ...last, missingSince: last.seconds === null ? null : (last.missingSince ?? now) }
            : { plan, seconds: sample.seconds, sampledAt: sample.at, missingSince: null };
        await tables.write('plans', PARTITION, [
          before === null
            ? { do: 'insert', row: key, value: asRow(next) }
            : replaced(key, before, next),
        ]);
      }),
  };
}
