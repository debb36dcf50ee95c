import { formatSeconds } from '../core/duration.ts';
import type { Finding } from '../core/finding.ts';
import type { TimeBudget } from '../plan/budget.ts';
import { columns } from './columns.ts';

/** How long the application is away in the slowest run of a plan, part by part, against the objective. */
export function budgetLines(budget: TimeBudget): string[] {
  const { from, to, mode, detectionSeconds, stages, dnsSeconds, totalSeconds, rtoSeconds } = budget;
  const verdict = totalSeconds <= rtoSeconds ? 'within' : 'over';
  const rows = stages.map(({ name, seconds, slowest, counts }) => ({
    counts,
    row: [
      `  ${name}`,
      formatSeconds(seconds),
      counts ? (slowest ?? '') : 'after the traffic has moved',
    ],
  }));
  return [
    `Time budget of the slowest run (${mode}, ${from} → ${to}, steps as they typically go), ${verdict} the objective:`,
    ...columns([
      ['  detection, at worst', formatSeconds(detectionSeconds)],
      ...rows.filter(({ counts }) => counts).map(({ row }) => row),
      ['  old answers in DNS caches', formatSeconds(dnsSeconds)],
      ['  total', `${formatSeconds(totalSeconds)} of ${formatSeconds(rtoSeconds)}`],
      ...rows.filter(({ counts }) => !counts).map(({ row }) => row),
    ]),
  ];
}

/** What several steps find of one resource is said once. */
export function findingLines(findings: readonly Finding[]): string[] {
  const lines = findings.map(
    ({ severity, resource, problem, remedy }) =>
      `${severity}: ${resource}: ${problem.replace(/\.$/, '')}. ${remedy}`,
  );
  return [...new Set(lines)];
}
