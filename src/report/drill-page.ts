import type { Evidence } from './evidence-schema.ts';
import { list, section, table } from './page.ts';

type Drill = NonNullable<Evidence['drill']>;

/** What the reader of a drill wants to know first: would it have worked, and what would it have done. */
export function drillSections(drill: Drill): string[] {
  return [
    section('What the drill found wrong', list(drill.problems, 'Nothing.')),
    ...(drill.findings.length === 0 ? [] : [section('Findings', findings(drill))]),
    ...(drill.changes.length === 0 ? [] : [section('What would change', changes(drill))]),
    ...(drill.partOf === null ? [] : [`This is the way back of execution ${drill.partOf}.`]),
  ];
}

function findings({ findings: found, whole }: Drill): string {
  const rows = found.map(({ severity, resource, problem, remedy, step }) => [
    severity,
    step ?? '—',
    resource,
    problem,
    remedy,
  ]);
  return [
    table(['Severity', 'Step', 'Resource', 'Problem', 'Remedy'], rows),
    ...(whole === null ? [] : [`There is more: ${whole} in the container of executions.`]),
  ].join('\n\n');
}

function changes({ changes: foreseen }: Drill): string {
  const rows = foreseen.map(({ step, resource, now, then }) => [step, resource, now, then]);
  return table(['Step', 'Resource', 'Now', 'Would become'], rows);
}
