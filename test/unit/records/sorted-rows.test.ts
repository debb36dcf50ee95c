import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SortedRows } from '../../../src/records/sorted-rows.ts';

const key = fc.string({ unit: fc.constantFrom('a', 'b', '~', '1'), maxLength: 3 });
const change = fc.oneof(fc.record({ put: key, value: fc.nat(9) }), fc.record({ remove: key }));

it('gives what a plain search through all rows would give', () => {
  fc.assert(
    fc.property(
      fc.array(change),
      key,
      fc.option(key, { nil: undefined }),
      fc.option(fc.nat(5), { nil: undefined }),
      (changes, from, to, limit) => {
        const plain = new Map<string, number>();
        const rows = new SortedRows<number>();
        for (const one of changes) {
          if ('put' in one) {
            plain.set(one.put, one.value);
            rows.set(one.put, one.value);
          } else {
            plain.delete(one.remove);
            rows.delete(one.remove);
          }
        }
        const found = [...plain]
          .filter(([one]) => one >= from && (to === undefined || one < to))
          .sort(([left], [right]) => (left < right ? -1 : 1))
          .slice(0, limit);
        expect(rows.between(from, to, limit)).toEqual(found);
        expect(rows.get(from)).toBe(plain.get(from));
      },
    ),
  );
});
