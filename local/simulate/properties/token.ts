import type { Run } from '../run.ts';
import type { Schedule } from '../schedule.ts';
import { attributed } from './attribution.ts';
import type { Property } from './property.ts';

/** The lock is read last; the request is under way after that. */
const UNDER_WAY_MS = 1_000;

export const token: Property = {
  name: 'S11',
  promise: 'nothing is changed without the current token of the lock',
  broken: (run) =>
    attributed(run).flatMap(({ change, by }) => {
      if (by === null || wasHeld(run, change.at, by.told.header.id, by.attempt.token)) return [];
      const { entry } = change;
      const sentence = `${entry.method} ${entry.path} was sent by ${by.told.header.id} with token ${by.attempt.token}, which did not hold the lock`;
      return [{ at: change.at, sentence }];
    }),
};

function wasHeld({ locks, schedule }: Run, at: number, holder: string, number: number): boolean {
  const readAt = at - UNDER_WAY_MS - delayMs(schedule);
  const before = locks.filter((lock) => lock.at <= at);
  const recent = before.filter((lock) => lock.at >= readAt);
  const standing = before.filter((lock) => lock.at < readAt).at(-1);
  return [...recent, ...(standing === undefined ? [] : [standing])].some(
    (lock) => lock.holder === holder && lock.token === number,
  );
}

/** By how much a slow network, and faults that keep requests back, may delay one. */
function delayMs({ latency, happenings }: Schedule): number {
  const late = happenings.map((one) =>
    one.do === 'fault' && one.fault.kind === 'arrive-late' ? (one.fault.delaySeconds ?? 0) : 0,
  );
  return (latency?.high ?? 0) + Math.max(0, ...late) * 1_000;
}
