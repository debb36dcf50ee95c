import { z } from 'zod';
import { counted } from '../../core/counted.ts';
import type { Finding } from '../../core/finding.ts';
import type { PlanReadiness } from '../../functions/services.ts';
import { alike, subjectOf } from '../alike.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';

export const planReadiness = command({
  path: ['plan', 'readiness'],
  summary: 'say whether a plan could be run right now, and what stands in the way',
  arguments: [{ name: 'name', about: 'name of the plan' }],
  options: [
    { flags: '--fresh', about: 'check now, instead of reading the latest check' },
    JSON_OPTION,
  ],
  input: z.object({
    name: z.string(),
    fresh: z.boolean().default(false),
    json: z.boolean().default(false),
  }),
  example: 'switchover plan readiness websphere-cafe --fresh',
  run: show,
});

async function show(
  { name, fresh, json }: { name: string; fresh: boolean; json: boolean },
  { server, terminal }: CliContext,
): Promise<number> {
  const path = `/api/plans/${encodeURIComponent(name)}/readiness${fresh ? '?fresh=true' : ''}`;
  const readiness = await server().get<PlanReadiness>(path);
  const { plan, from, to, at, findings, otherSite } = readiness;
  const criticals = findings.filter(({ severity }) => severity === 'critical').length;
  if (json) terminal.out(JSON.stringify(readiness));
  else {
    const verdict =
      criticals === 0
        ? 'nothing critical stands in the way'
        : counted(criticals, 'critical finding');
    terminal.out(`${plan}, from ${from} to ${to}, at ${at}: ${verdict}.`);
    for (const [first, ...others] of alike(findings)) {
      if (first !== undefined) terminal.out(line(first) + sameOf(others));
    }
    terminal.talk(otherSite.why);
  }
  return criticals === 0 ? EXIT.done : EXIT.failed;
}

/** A plan has dozens of machines, and often the same is wrong with all of them. */
function sameOf(others: readonly Finding[]): string {
  return others.length === 0 ? '' : ` The same of ${others.map(subjectOf).join(', ')}.`;
}

function line(finding: PlanReadiness['findings'][number]): string {
  const { severity, mode, step, resource, problem, remedy } = finding;
  const where = step === undefined ? resource : `${step}: ${resource}`;
  const runs = mode === undefined ? '' : ` (${mode} only)`;
  return `${severity}${runs}: ${where}: ${problem.replace(/\.$/, '')}. ${remedy}`;
}
