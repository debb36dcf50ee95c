import { SYSTEM } from '../../../src/core/principal.ts';
import type { Property, Violation } from './property.ts';

export const starts: Property = {
  name: 'S10',
  promise: 'a request that is repeated starts nothing a second time',
  broken: ({ asked: all, told, endedAt }) => {
    const requests = all.filter(({ what }) => what === 'start');
    const keyed = requests.filter(({ key }) => key !== null);
    const possible =
      requests.length -
      keyed.length +
      new Set(keyed.map(({ as, key }) => `${as} ${key ?? ''}`)).size;
    const violations: Violation[] = [];
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
