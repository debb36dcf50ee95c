import type { Finding } from '../core/finding.ts';
import { resourceName } from '../core/resource-id.ts';

/** Findings that differ only in what they are about, in the order in which their first ones came. */
export function alike<F extends Finding>(findings: readonly F[]): readonly (readonly F[])[] {
  return [...Map.groupBy(findings, sameness).values()];
}

/** What a finding is about, in a word: the machine that its sentence begins with, or the name of its resource. */
export function subjectOf({ resource, problem }: Finding): string {
  const [first = ''] = problem.split(' ', 1);
  const name = resourceName(resource);
  return first !== '' && name.toLowerCase().startsWith(first.toLowerCase()) ? first : name;
}

function sameness(finding: Finding): string {
  const { problem } = finding;
  const subject = subjectOf(finding);
  const said = problem.startsWith(subject) ? problem.slice(subject.length) : problem;
  return JSON.stringify({ ...finding, resource: '', problem: said });
}
