import type { Instant } from '../core/clock.ts';
import type { TerminalState } from '../core/execution.ts';
import { asRow, loaded, replaced, whileContended } from './partition.ts';
import type { Tables } from './tables.ts';

/** How one execution of a plan ended, as far as the next start has to know. */
export interface Ended {
  readonly execution: string;
  readonly state: TerminalState;
  readonly at: Instant;
  /** A call that changes something was sent, or may have been. */
  readonly changed: boolean;
  /** Switchover began it without asking anybody. */
  readonly byItself: boolean;
  /** A person said no to it before it changed anything. */
  readonly declined: boolean;
}

/** A plan's latest executions that have ended: what cools down, and what counts for the day. */
export interface EndedExecutions {
  /** Recorded twice it counts once. */
  record(plan: string, ended: Ended): Promise<void>;
  /** Newest first. */
  of(plan: string): Promise<readonly Ended[]>;
}

interface Row {
  readonly ended: readonly Ended[];
}

const PARTITION = 'plans';
const PREFIX = 'ended~';
/** More than any plan may begin in a day and its people decline. */
const KEPT = 50;

export function createEndedExecutions(tables: Tables): EndedExecutions {
  return {
    record: (plan, ended) =>
      whileContended(8, async () => {
        const key = `${PREFIX}${plan}`;
        const row = await tables.get('plans', PARTITION, key);
        const before = row === null ? null : loaded<Row>(row);
        const known = before?.value.ended ?? [];
        if (known.some(({ execution }) => execution === ended.execution)) return;
        const next: Row = {
          ended: [ended, ...known].sort((a, b) => b.at.localeCompare(a.at)).slice(0, KEPT),
        };
        await tables.write('plans', PARTITION, [
          before === null
            ? { do: 'insert', row: key, value: asRow(next) }
            : replaced(key, before, next),
        ]);
      }),

    async of(plan) {
      const row = await tables.get('plans', PARTITION, `${PREFIX}${plan}`);
      return row === null ? [] : loaded<Row>(row).value.ended;
    },
  };
}
