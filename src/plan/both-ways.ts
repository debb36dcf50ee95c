import type { Journey } from './journey.ts';
import type { Complaint } from './problem.ts';
import { formatPath } from './problem.ts';

/**
 * Complains once of what is wrong in every direction; what is wrong in one direction only names it, because the author
 * sees one text that serves both.
 */
export function complaintsBothWays(
  ways: readonly Journey[],
  complaintsOf: (journey: Journey) => readonly Complaint[],
): Complaint[] {
  const found = new Map<string, { complaint: Complaint; ways: Journey[] }>();
  for (const way of ways) {
    for (const complaint of complaintsOf(way)) {
      const key = `${formatPath(complaint.path)} ${complaint.message}`;
      const entry = found.get(key) ?? { complaint, ways: [] };
      entry.ways.push(way);
      found.set(key, entry);
    }
  }
  return [...found.values()].map(({ complaint, ways: [first, ...others] }) =>
    first === undefined || others.length + 1 >= ways.length
      ? complaint
      : { ...complaint, message: `${complaint.message} (from ${first.from} to ${first.to})` },
  );
}
