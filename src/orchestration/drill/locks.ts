import { locksOn } from '../../azure/management-locks.ts';
import type { ManagementLock } from '../../azure/access.ts';
import type { Finding } from '../../core/finding.ts';
import { inTime, membersOf } from '../checks.ts';
import type { Subject } from '../checks.ts';

/**
 * Whether a lock of Resource Manager would refuse what the steps do. Of a subscription all locks are listed, those of
 * its groups and resources included.
 */
export async function checkLocks(subject: Subject): Promise<readonly Finding[]> {
  const touched = touchedBy(subject);
  const subscriptions = [
    ...new Set(touched.flatMap((id) => /^\/subscriptions\/[^/]+/i.exec(id) ?? [])),
  ];
  const findings = await Promise.all(
    subscriptions.map(async (subscription): Promise<readonly Finding[]> => {
      const looked = await inTime(subject.deps, () =>
        subject.deps.azure.managementLocks.at(subscription),
      );
      return 'read' in looked
        ? ofLocks(looked.read, touched)
        : [unknown(subscription, looked.trouble)];
    }),
  );
  return findings.flat();
}

/** The resources that are changed, and the scopes at which something is written: a group in which machines are made. */
function touchedBy(subject: Subject): readonly string[] {
  return membersOf(subject)
    .filter(({ bound }) => bound.effect === 'changes')
    .flatMap(({ bound }) => [
      ...bound.resources,
      ...bound.permissions
        .filter(({ action, scope }) => !action.endsWith('/read') && scope.split('/').length > 3)
        .map(({ scope }) => scope),
    ]);
}

/** CanNotDelete hinders nothing that a failover does. */
function ofLocks(locks: readonly ManagementLock[], touched: readonly string[]): readonly Finding[] {
  const readOnly = new Set(
    touched.flatMap((id) => locksOn(locks, id)).filter(({ level }) => level === 'ReadOnly'),
  );
  return [...readOnly].map(({ name, scope, notes }) => ({
    severity: 'critical',
    resource: scope,
    problem: `the read-only lock ${name} refuses every change${notes === '' ? '' : ` (${notes})`}`,
    remedy: 'Remove the lock, or use one of the level CanNotDelete.',
  }));
}

function unknown(subscription: string, trouble: string): Finding {
  return {
    severity: 'warning',
    resource: subscription,
    problem: `whether locks stand in the way could not be read: ${trouble}`,
    remedy: "Grant the app's identity Microsoft.Authorization/locks/read.",
  };
}
