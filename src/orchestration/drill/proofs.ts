import type { ExecutionRecord } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import { contextOf, inTime, membersOf } from '../checks.ts';
import type { Subject } from '../checks.ts';
import { freshSteps } from '../fresh-steps.ts';
import { pin } from '../pinned.ts';

/**
 * The plan's own proofs, asked for where the application serves now: one that fails on a side that is well would fail
 * after a failover, too, and undo it for nothing. Only those that read.
 */
export async function proveWhatServes(subject: Subject): Promise<readonly Finding[]> {
  const serving = servingSide(subject);
  const site = serving.header.to;
  const findings = await Promise.all(
    membersOf(serving)
      .filter(({ bound }) => bound.onlyReads)
      .map(async (member): Promise<readonly Finding[]> => {
        const motion = member.bound.motion('forward');
        if (motion === null) return [];
        const looked = await inTime(subject.deps, () => motion.verify(contextOf(serving, member)));
        if ('read' in looked && looked.read.holds) return [];
        const why = 'read' in looked ? looked.read.sentence : looked.trouble;
        return [
          {
            severity: 'critical',
            resource: site,
            step: member.id,
            problem: `${member.id} does not hold on ${site}, which serves: ${why}`,
            remedy: `Mend ${site}, or the step if it asks for too much.`,
          },
        ];
      }),
  );
  return findings.flat();
}

/** As if the application had just been moved to where it is. */
function servingSide({ deps, header, plan: { plan } }: Subject): Subject {
  const turned: ExecutionRecord = { ...header, from: header.to, to: header.from };
  const pinned = pin(plan, turned);
  const steps = new Map(freshSteps(pinned).map((step) => [step.id, step]));
  return {
    deps,
    header: turned,
    plan: pinned,
    step(id) {
      const found = steps.get(id);
      if (found === undefined) throw new Error(`Plan ${plan.name} has no step ${id}.`);
      return found;
    },
  };
}
