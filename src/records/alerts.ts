import { createHash } from 'node:crypto';
import { secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import type { Principal } from '../core/principal.ts';
import { asRow, loaded, padded, replaced } from './partition.ts';
import { isRowConflict } from './tables.ts';
import type { Change, Tables } from './tables.ts';

export type AlertCondition = 'Fired' | 'Resolved';
export type AlertSeverity = 'Sev0' | 'Sev1' | 'Sev2' | 'Sev3' | 'Sev4';

/** One message about an alert, as it came in, with what the plans of that moment made of it. */
export interface AlertRecord {
  /** Azure's id of this alert: the same when it is fired and when it is resolved. */
  readonly id: string;
  readonly rule: string;
  readonly severity: AlertSeverity;
  readonly condition: AlertCondition;
  readonly targets: readonly string[];
  readonly description: string;
  readonly firedAt: Instant;
  readonly resolvedAt?: Instant;
  readonly receivedAt: Instant;
  readonly by: Principal;
  /** Signals of the plans that it speaks for, and the sites that it says it of. */
  readonly matched: readonly AlertMatch[];
  /** Why nothing follows from it. */
  readonly ignored?: string;
}

export interface AlertMatch {
  readonly plan: string;
  readonly signal: string;
  readonly sites: readonly string[];
}

export interface Alerts {
  /** Each condition of an alert once: Azure repeats a message that it thinks was lost. */
  record(alert: AlertRecord): Promise<'new' | 'repeated'>;
  /** Newest first. */
  recent(limit: number): Promise<readonly AlertRecord[]>;
  /** Everything received at or after that moment, newest first: one read serves all plans. */
  since(at: Instant): Promise<readonly AlertRecord[]>;
  /**
   * True for the one who is to have the plan looked at because of an alert; false when somebody did less than
   * `seconds` ago. A storm asks a thousand times.
   */
  claimLook(plan: string, at: Instant, seconds: number): Promise<boolean>;
  /** Deletes some of what was received before that moment; returns how many. */
  forget(before: Instant): Promise<number>;
}

/** A storm writes new rows only: one that all alerts changed would be a queue of lost conditional writes. */
const PARTITION = 'alerts';
const LISTED = 'at~';
/** When each plan was last looked at because of an alert. */
const LOOKS = 'looks';
/** Each has two rows, and a batch takes 100. */
const FORGOTTEN_AT_ONCE = 50;
/** Later than any instant of four-digit years, so that newer rows sort first. */
const END_OF_TIME = 253_402_300_800_000;

export function createAlerts(tables: Tables): Alerts {
  async function read(range: { to: string; limit?: number }): Promise<readonly AlertRecord[]> {
    const rows = await tables.query('alerts', PARTITION, { from: LISTED, ...range });
    return rows.map((row) => loaded<AlertRecord>(row).value);
  }

  return {
    async record(alert) {
      const changes: Change[] = [
        { do: 'insert', row: seenRow(alert), value: { at: alert.receivedAt } },
        { do: 'put', row: listedRow(alert), value: asRow(alert) },
      ];
      try {
        await tables.write('alerts', PARTITION, changes);
        return 'new';
      } catch (error) {
        if (isRowConflict(error)) return 'repeated';
        throw error;
      }
    },

    recent: (limit) => read({ to: `${LISTED}~`, limit }),

    // Exclusive, and `at` itself belongs to it.
    since: (at) => read({ to: `${LISTED}${newestFirst(at)}~~` }),

    async claimLook(plan, at, seconds) {
      const row = await tables.get('alerts', LOOKS, plan);
      const before = row === null ? null : loaded<{ readonly at: Instant }>(row);
      if (before !== null && secondsBetween(before.value.at, at) < seconds) return false;
      try {
        await tables.write('alerts', LOOKS, [
          before === null
            ? { do: 'insert', row: plan, value: { at } }
            : replaced(plan, before, { at }),
        ]);
        return true;
      } catch (error) {
        if (isRowConflict(error)) return false;
        throw error;
      }
    },

    async forget(before) {
      const old = await tables.query('alerts', PARTITION, {
        from: `${LISTED}${newestFirst(before)}~~`,
        to: `${LISTED}~`,
        limit: FORGOTTEN_AT_ONCE,
      });
      const changes = old.flatMap((row): Change[] => [
        { do: 'delete', row: row.key },
        { do: 'delete', row: seenRow(loaded<AlertRecord>(row).value) },
      ]);
      if (changes.length > 0) await tables.write('alerts', PARTITION, changes);
      return old.length;
    },
  };
}

/** What the alerts say together of one signal's site. */
export type Said =
  | { readonly is: 'fired'; readonly alert: AlertRecord; readonly at: Instant }
  | { readonly is: 'resolved'; readonly alert: AlertRecord; readonly at: Instant };

/**
 * Fired while any alert is that was fired after `since` and not resolved; else resolved, when one was after `since`.
 * Messages may come in any order: a resolution also counts for a firing that comes in later.
 */
export function saidOf(
  alerts: readonly AlertRecord[],
  about: { readonly plan: string; readonly signal: string; readonly site: string },
  since: Instant,
): Said | null {
  const concerned = alerts.filter(({ matched }) =>
    matched.some(
      ({ plan, signal, sites }) =>
        plan === about.plan && signal === about.signal && sites.includes(about.site),
    ),
  );
  const over = new Set(concerned.filter(isResolution).map(({ id }) => id));
  const fired = concerned.filter((alert) => !isResolution(alert) && !over.has(alert.id));
  return (
    newest(fired, 'fired', ({ firedAt }) => firedAt, since) ??
    newest(concerned.filter(isResolution), 'resolved', endOf, since)
  );
}

function newest(
  alerts: readonly AlertRecord[],
  is: Said['is'],
  timeOf: (alert: AlertRecord) => Instant,
  since: Instant,
): Said | null {
  return alerts
    .map((alert) => ({ is, alert, at: timeOf(alert) }))
    .filter(({ at }) => at > since)
    .reduce<Said | null>((last, one) => (last === null || one.at > last.at ? one : last), null);
}

function isResolution({ condition }: AlertRecord): boolean {
  return condition === 'Resolved';
}

function endOf({ resolvedAt, receivedAt }: AlertRecord): Instant {
  return resolvedAt ?? receivedAt;
}

function newestFirst(at: Instant): string {
  return padded(END_OF_TIME - Date.parse(at)).padStart(15, '0');
}

function listedRow(alert: AlertRecord): string {
  return `${LISTED}${newestFirst(alert.receivedAt)}~${digest(alert)}`;
}

function seenRow(alert: AlertRecord): string {
  return `seen~${digest(alert)}`;
}

/** Ids hold slashes, which keys may not, and Azure changes the case of their segments. */
function digest({ id, condition }: Pick<AlertRecord, 'id' | 'condition'>): string {
  return createHash('sha256')
    .update(`${id.toLowerCase()}\n${condition}`)
    .digest('hex')
    .slice(0, 40);
}
