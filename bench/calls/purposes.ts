import type { JournalEntry } from '../../local/simulator/journal.ts';
import { CLIENT_IDS } from '../../local/simulator/scenarios/websphere-cafe.ts';

/** What calls are for, each counted once: the first that fits. */
export const PURPOSES = [
  'changes',
  'reading what a PUT gives back',
  'following operations',
  'watching the old side, and keeping the lag',
  'preflight',
  'waiting for recovery points',
  'seeing and proving, step by step',
] as const;

export type Purpose = (typeof PURPOSES)[number];

/** When the steps began, and when the machines were sent for: what comes before is of another kind. */
export interface Moments {
  readonly begun: string;
  readonly machinesSent: string | null;
}

const OPERATION = /operationstatus\/|asyncoperation\/|\/operations\/|\/replicationjobs\//;
const GIVEN_BACK = /\/networkinterfaces\/[^/]+$|endpoints\/[^/]+$/;
const REPLICATION = /\/recoverypoints$|\/replicationprotecteditems$|\/replicationrecoveryplans\//;

export function purposeOf(entry: JournalEntry, { begun, machinesSent }: Moments): Purpose {
  const { at, effect, path, caller } = entry;
  if (effect !== null) return 'changes';
  if (GIVEN_BACK.test(path)) return 'reading what a PUT gives back';
  if (OPERATION.test(path)) return 'following operations';
  if (caller === CLIENT_IDS.AZURE_CLIENT_ID) return 'watching the old side, and keeping the lag';
  if (at < begun) return 'preflight';
  if (machinesSent !== null && at < machinesSent && REPLICATION.test(path))
    return 'waiting for recovery points';
  return 'seeing and proving, step by step';
}

/** The most that came within a span: what a limit on requests would see. */
export function mostWithin(seconds: number, entries: readonly JournalEntry[]): number {
  const times = entries.map(({ at }) => Date.parse(at));
  const within = (from: number): number =>
    times.filter((time) => time >= from && time < from + seconds * 1000).length;
  return Math.max(0, ...times.map(within));
}
