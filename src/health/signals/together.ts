import type { Said } from './source.ts';

/** Of many parts: one that is bad is enough, and all is well only when all are known to be. Tells what decided it. */
export function together(parts: readonly Said[], none: string): Said {
  if (parts.length === 0) return { as: 'unclear', sees: none };
  const as = parts.some((one) => one.as === 'bad')
    ? 'bad'
    : parts.some((one) => one.as === 'unclear')
      ? 'unclear'
      : 'good';
  const telling = parts.filter((one) => one.as === as);
  const sees = [...new Set(telling.map((one) => one.sees))].join(', ');
  // What is known of all is as old as what is known of the one that was looked at first.
  const [at] = telling.flatMap((one) => one.at ?? []).sort();
  return { as, sees, ...(at === undefined ? {} : { at }) };
}
