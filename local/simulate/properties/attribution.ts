import { resourceName } from '../../../src/core/resource-id.ts';
import type { AttemptRecord } from '../../../src/core/step.ts';
import type { JournalEntry } from '../../simulator/journal.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { SeenChange } from '../witness.ts';

/** A change that was asked of Azure, and the attempt row that announced it. */
export interface Attributed {
  readonly change: SeenChange;
  readonly by: { readonly told: Told; readonly attempt: AttemptRecord } | null;
}

/** A request may be under way for as long as its caller waits for it. */
const UNDER_WAY_MS = 65_000;

/** Finds for each change the latest attempt that was announced before it and that announced no other. */
export function attributed({
  changes,
  told,
  moments,
}: Pick<Run, 'changes' | 'told' | 'moments'>): readonly Attributed[] {
  const open = told
    .flatMap((one) => one.attempts.map((attempt) => ({ told: one, attempt })))
    .toSorted((left, right) => right.attempt.sentAt.localeCompare(left.attempt.sentAt));
  return changes.map((change) => {
    const index = open.findIndex(({ told: one, attempt }) => {
      return (
        moments(attempt.sentAt).some(
          (sentAt) => sentAt <= change.at && change.at - sentAt <= UNDER_WAY_MS,
        ) && announces(usesOf(one, attempt.step), attempt.call, change.entry)
      );
    });
    const [by] = index === -1 ? [] : open.splice(index, 1);
    return { change, by: by ?? null };
  });
}

function usesOf({ steps }: Told, step: string): string {
  return steps.find(({ id }) => id === step)?.uses ?? '';
}

/** Whether a call of that name is this request. */
function announces(uses: string, call: string, { operation, path, effect }: JournalEntry): boolean {
  const [verb = '', object = ''] = call.toLowerCase().split(':');
  const parts = path.split('/');
  switch (operation) {
    case 'sql/failover':
      return uses === 'sql/failover-group' && (verb === 'failover' || verb === 'failover-back');
    case 'sql/force-failover':
      return verb === 'force-failover';
    case 'traffic-manager/put-endpoint':
      return (
        (verb === 'enable' || verb === 'disable') &&
        resourceName(path) === object &&
        (effect?.toLowerCase().endsWith(`${verb}d`) ?? true)
      );
    case 'compute/deallocate':
    case 'compute/start':
      return uses === 'azure/rest'
        ? verb === 'operation' && parts.at(-2) === 'dmgr'
        : operation === `compute/${verb}` && parts.at(-2) === object;
    case 'site-recovery/failover':
      return uses === 'site-recovery/failover' && verb === 'failover';
    case 'site-recovery/commit':
      return uses === 'site-recovery/commit' && verb === 'commit';
    case 'site-recovery/test-failover':
      return verb === 'test-failover';
    case 'site-recovery/test-failover-cleanup':
      return verb === 'clean-up';
    case 'network/interface':
      return (verb === 'attach' || verb === 'detach') && resourceName(path).startsWith(object);
    default:
      return false;
  }
}
