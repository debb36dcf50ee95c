import { permits } from '../../azure/rights.ts';
import type { Finding } from '../../core/finding.ts';
import { moverIn } from '../acting.ts';
import { inTime, membersOf } from '../checks.ts';
import type { Subject } from '../checks.ts';

/** Whether the identity that would act may do all that the steps would ask of Azure: each can ask only for itself. */
export async function checkRights(subject: Subject): Promise<readonly Finding[]> {
  const { deps, header } = subject;
  const { rights } = deps.azureAs(header.level === 'rehearsal' ? 'watch' : moverIn(header.mode));
  const findings = await Promise.all(
    [...neededBy(subject)].map(async ([scope, actions]): Promise<readonly Finding[]> => {
      const looked = await inTime(deps, () => rights.at(scope));
      if ('trouble' in looked) return [unknown(scope, looked.trouble)];
      const missing = [...actions].filter((action) => !permits(looked.read, action));
      return missing.length === 0 ? [] : [refused(scope, missing)];
    }),
  );
  return findings.flat();
}

function neededBy(subject: Subject): ReadonlyMap<string, ReadonlySet<string>> {
  const needed = new Map<string, Set<string>>();
  const rights = membersOf(subject).flatMap(({ bound }) => bound.permissions);
  for (const { action, scope, losesData } of rights) {
    if (losesData === true && subject.header.mode === 'planned') continue;
    const actions = needed.get(scope) ?? new Set();
    needed.set(scope, actions.add(action));
  }
  return needed;
}

function refused(scope: string, missing: readonly string[]): Finding {
  return {
    severity: 'critical',
    resource: scope,
    problem: `the app's identity has no right to ${missing.join(', ')}`,
    remedy: 'Grant it at this scope, or above it.',
  };
}

function unknown(scope: string, trouble: string): Finding {
  return {
    severity: 'warning',
    resource: scope,
    problem: `whether the app's identity has its rights could not be read: ${trouble}`,
    remedy: "Grant it Microsoft.Authorization/*/read, and look whether the scope's region answers.",
  };
}
