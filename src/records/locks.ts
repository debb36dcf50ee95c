import { createHash } from 'node:crypto';
import type { Instant } from '../core/clock.ts';
import { canonicalId } from '../core/resource-id.ts';
import { asRow, loaded, replaced, whileContended } from './partition.ts';
import type { Loaded } from './partition.ts';
import type { Change, Tables } from './tables.ts';

/** Who holds a plan's lock. Released locks stay as rows, so that a plan's history of tokens only grows. */
export interface LockRecord {
  readonly plan: string;
  /** Execution id; null when free. */
  readonly holder: string | null;
  readonly token: number;
  /** Fingerprints of the resources it covers. Full ids of a large plan would not fit a row. */
  readonly resources: readonly string[];
  readonly since: Instant;
}

export interface Locks {
  acquire(request: LockRequest): Promise<Acquired | HeldBy>;
  /** Whether `holder` still holds the plan's lock with this very token: asked last before every mutating call. */
  holds(plan: string, holder: string, token: number): Promise<boolean>;
  release(plan: string, holder: string): Promise<void>;
  held(): Promise<readonly LockRecord[]>;
}

export interface LockRequest {
  readonly plan: string;
  readonly resources: readonly string[];
  readonly holder: string;
  readonly at: Instant;
}

export interface Acquired {
  readonly token: number;
}

export interface HeldBy {
  readonly heldBy: string;
  readonly plan: string;
}

const PARTITION = 'locks';
const COUNTER = 'counter';

function rowOf(plan: string): string {
  return `plan~${plan}`;
}

function fingerprint(resource: string): string {
  return createHash('sha256').update(canonicalId(resource)).digest('hex').slice(0, 16);
}

/**
 * One lock per plan, exclusive with every plan that shares a resource with it. All acquisitions go through one
 * counter row in the same batch, which makes them take turns: two plans that share a resource cannot both win, and
 * the counter is the fencing token.
 */
export function createLocks(tables: Tables): Locks {
  async function all(): Promise<{
    counter: Loaded<{ token: number }> | null;
    locks: Loaded<LockRecord>[];
  }> {
    const rows = await tables.query('locks', PARTITION);
    const counter = rows.find((row) => row.key === COUNTER);
    return {
      counter: counter === undefined ? null : loaded(counter),
      locks: rows.filter((row) => row.key !== COUNTER).map((row) => loaded<LockRecord>(row)),
    };
  }

  async function tryAcquire(request: LockRequest): Promise<Acquired | HeldBy> {
    const { counter, locks } = await all();
    const resources = request.resources.map(fingerprint);
    const own = locks.find((lock) => lock.value.plan === request.plan);
    if (own?.value.holder === request.holder) return { token: own.value.token };
    const other = locks.find(
      ({ value }) =>
        value.holder !== null &&
        (value.plan === request.plan ||
          value.resources.some((resource) => resources.includes(resource))),
    );
    if (other?.value.holder != null) return { heldBy: other.value.holder, plan: other.value.plan };

    const token = (counter?.value.token ?? 0) + 1;
    const record: LockRecord = {
      plan: request.plan,
      holder: request.holder,
      token,
      resources,
      since: request.at,
    };
    const changes: Change[] = [
      counter === null
        ? { do: 'insert', row: COUNTER, value: { token } }
        : replaced(COUNTER, counter, { token }),
      own === undefined
        ? { do: 'insert', row: rowOf(request.plan), value: asRow(record) }
        : replaced(rowOf(request.plan), own, record),
    ];
    await tables.write('locks', PARTITION, changes);
    return { token };
  }

  return {
    acquire: (request) => whileContended(8, () => tryAcquire(request)),

    async holds(plan, holder, token) {
      const row = await tables.get('locks', PARTITION, rowOf(plan));
      if (row === null) return false;
      const lock = loaded<LockRecord>(row).value;
      return lock.holder === holder && lock.token === token;
    },

    release: (plan, holder) =>
      whileContended(8, async () => {
        const row = await tables.get('locks', PARTITION, rowOf(plan));
        if (row === null) return;
        const lock = loaded<LockRecord>(row);
        if (lock.value.holder !== holder) return;
        await tables.write('locks', PARTITION, [
          replaced(rowOf(plan), lock, { ...lock.value, holder: null }),
        ]);
      }),

    async held() {
      const { locks } = await all();
      return locks.map((lock) => lock.value).filter((lock) => lock.holder !== null);
    },
  };
}
