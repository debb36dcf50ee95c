import { SYSTEM } from '../../../src/core/principal.ts';
import type { Run } from '../run.ts';
import { begunByItself, requestedAt } from './by-itself.ts';
import type { Property, Violation } from './property.ts';

export const starts: Property = {
  name: 'S10',
  promise: 'no request, alert or timer that comes again starts anything a second time',
  broken: (run) => {
    const { asked: all, told, endedAt } = run;
    const requests = all.filter(({ what }) => what === 'start');
    const keyed = requests.filter(({ key }) => key !== null);
    const possible =
      requests.length -
      keyed.length +
      new Set(keyed.map(({ as, key }) => `${as} ${key ?? ''}`)).size;
    const violations: Violation[] = [...storms(run)];
    const asked = told.filter(({ header }) => header.requestedBy.id !== SYSTEM.id);
    if (asked.length > possible) {
      violations.push({
        at: endedAt,
        sentence: `${asked.length} executions came of ${possible} different requests`,
      });
    }
    const ids = new Map<string, string>();
    for (const { at, as, key, status, answer } of keyed) {
      if (status === null || status >= 300) continue;
      const { id } = answer as { id?: unknown };
      const name = `${as} ${key ?? ''}`;
      const before = ids.get(name);
      if (typeof id !== 'string') continue;
      if (before !== undefined && before !== id) {
        violations.push({ at, sentence: `key ${name} was answered with ${before} and with ${id}` });
      }
      ids.set(name, id);
    }
    return violations;
  },
};

/** What ended at once may be begun again, but not while the same is being seen. */
const SAME_FAILURE_MS = 60_000;

function storms(run: Run): readonly Violation[] {
  const own = begunByItself(run);
  return own.slice(1).flatMap((one, index): readonly Violation[] => {
    const last = own[index];
    const at = requestedAt(one);
    return last === undefined || at - requestedAt(last) >= SAME_FAILURE_MS
      ? []
      : [{ at, sentence: `${one.header.id} began by itself right after ${last.header.id}` }];
  });
}
