import type { Told } from '../records.ts';
import type { Property, Violation } from './property.ts';

export const sacrifice: Property = {
  name: 'H5',
  promise: 'no more data is given up, unasked, than the plan allows',
  broken: ({ told }) => told.flatMap(unasked),
};

/** What may be lost is on record with the call that gives it up; people's word on it comes before. */
function unasked({ header, plan, events }: Told): readonly Violation[] {
  const limit = plan.plan.dataLoss.limitSeconds;
  const agreedAt = events.find(
    (event) => event.type === 'accepted' && event.data.acceptance === 'data-loss',
  )?.at;
  return events.flatMap((event): readonly Violation[] => {
    if (event.type !== 'lag-known') return [];
    const { boundSeconds } = event.data;
    if (boundSeconds !== null && boundSeconds <= limit) return [];
    if (agreedAt !== undefined && agreedAt <= event.at) return [];
    const loss = boundSeconds === null ? 'an unknown amount' : `${boundSeconds} s`;
    return [
      {
        at: Date.parse(event.at),
        sentence: `${header.id} gave up ${loss} of data, of which ${limit} s may be lost unasked`,
      },
    ];
  });
}
