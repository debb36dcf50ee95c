import type { DrillChange } from '../../core/events.ts';
import type { Finding } from '../../core/finding.ts';
import type { Foreseen } from '../../steps/contract.ts';
import { contextOf, inTime, membersOf } from '../checks.ts';
import type { Subject } from '../checks.ts';
import type { PinnedStep } from '../pinned.ts';

/** What one step would do to one resource. */
export type StepChange = DrillChange & Foreseen;

export interface Foresight {
  readonly changes: readonly StepChange[];
  /** What could not be looked at. */
  readonly findings: readonly Finding[];
}

/** The difference that the execution would make, resource by resource, in the plan's order. Read only. */
export async function foresee(subject: Subject): Promise<Foresight> {
  const looks = await Promise.all(
    membersOf(subject)
      .filter(({ bound }) => bound.effect === 'changes')
      .map(async (member) => ({
        member,
        looked: await inTime(subject.deps, () => ofStep(subject, member)),
      })),
  );
  return {
    changes: firstOfEach(
      looks.flatMap(({ member: { id }, looked }) =>
        'read' in looked ? looked.read.map((change) => ({ step: id, ...change })) : [],
      ),
    ),
    findings: looks.flatMap(({ member: { id }, looked }) =>
      'read' in looked
        ? []
        : [
            {
              severity: 'critical',
              resource: id,
              step: id,
              problem: `What ${id} would change could not be read: ${looked.trouble}`,
              remedy: 'Try again when the region answers.',
            },
          ],
    ),
  };
}

/** What one step would do already, a later one would find done. */
function firstOfEach(changes: readonly StepChange[]): readonly StepChange[] {
  const known = new Set<string>();
  return changes.filter(({ resource, then }) => {
    const change = `${resource} ${then}`;
    const fresh = !known.has(change);
    known.add(change);
    return fresh;
  });
}

async function ofStep(subject: Subject, member: PinnedStep): Promise<readonly Foreseen[]> {
  const context = contextOf(subject, member);
  const known = await member.bound.foresee(context);
  if (known !== null) return known;
  const seen = await member.bound.motion('forward')?.observe(context);
  if (seen === undefined || seen.goal === 'met') return [];
  const then = member.bound.describe(subject.header);
  return member.bound.resources.map((resource) => ({ resource, now: seen.sentence, then }));
}
