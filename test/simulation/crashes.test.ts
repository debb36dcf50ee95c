import { describe, expect, it } from 'vitest';
import { runThrough } from '../support/crashes.ts';
import type { Case, Moment } from '../support/crashes.ts';

/**
 * An instance dies at a write to the state store, and the next one goes on: the same end, the same changes in Azure,
 * each made once, and a record that verifies. A kind of step joins by a plan that uses it.
 */
const CASES: readonly (Case & {
  readonly name: string;
  readonly every: number;
  readonly differs?: RegExp;
})[] = [
  { name: 'sql/failover-group, lossless', plan: 'database-only', mode: 'planned', every: 1 },
  {
    name: 'sql/failover-group, forced',
    plan: 'database-only',
    mode: 'unplanned',
    every: 1,
    // One that Azure rolled back unseen, its answer lost with the instance, is tried again: it had no effect.
    differs: /: planned failover of/,
  },
  {
    name: 'sql/failover-group, undone',
    plan: 'database-only',
    mode: 'planned',
    fail: 'database-writable',
    every: 1,
  },
  {
    name: 'site-recovery/test-failover, undone',
    plan: 'machines-test',
    mode: 'planned',
    fail: 'database-writable',
    every: 2,
  },
  {
    name: 'azure/rest, undone',
    plan: 'rest',
    mode: 'planned',
    fail: 'database-writable',
    every: 2,
  },
  { name: 'every kind, planned', plan: 'websphere-cafe', mode: 'planned', every: 5 },
  {
    name: 'every kind, unplanned',
    plan: 'websphere-cafe',
    mode: 'unplanned',
    every: 6,
    // The one try to stop a dead side may be the one that died with the instance; its failure is not the run's.
    differs: /deallocate of machine/,
  },
  { name: 'every kind, undone', plan: 'websphere-cafe', mode: 'planned', fail: 'coffee', every: 8 },
];

for (const { name, every, differs, ...subject } of CASES) {
  const own: Case =
    subject.plan === 'websphere-cafe' ? subject : { ...subject, plans: 'test/fixtures/plans' };
  const undisturbed = await runThrough(own, null);
  const moments: Moment[] = Array.from(
    { length: Math.ceil(undisturbed.writes / every) },
    (_, index) => index,
  )
    .flatMap((index) => [
      { write: 1 + index * every, when: 'before' as const },
      { write: 1 + index * every + Math.floor(every / 2), when: 'after' as const },
    ])
    .filter(({ write }) => write <= undisturbed.writes);

  describe(name, () => {
    it('comes to a named end when nothing happens', () => {
      expect(undisturbed.flaws).toEqual([]);
      expect(undisturbed.state).toBe(own.fail === undefined ? 'succeeded' : 'compensated');
    });

    it.each(moments)('dies $when write $write, and nothing is done twice', async (moment) => {
      const { state, changes, flaws } = await runThrough(own, moment);
      expect(flaws).toEqual([]);
      expect(state).toBe(undisturbed.state);
      const kept = (list: readonly string[]): string[] =>
        list.filter((one) => differs?.test(one) !== true);
      expect(kept(changes)).toEqual(kept(undisturbed.changes));
      expect(changes.filter((change) => !undisturbed.changes.includes(change))).toEqual([]);
    });
  });
}
