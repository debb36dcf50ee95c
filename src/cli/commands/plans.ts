import { z } from 'zod';
import { versionWords } from '../../core/plan-version.ts';
import type { PlanDetail, PlanSummary } from '../../functions/services.ts';
import { budgetLines, findingLines } from '../budget.ts';
import { columns } from '../columns.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import type { Terminal } from '../terminal.ts';

const json = z.boolean().default(false);

export const plans = command({
  path: ['plans'],
  summary: 'list the plans and where each application serves',
  options: [JSON_OPTION],
  input: z.object({ json }),
  example: 'switchover plans',
  run: list,
});

export const planShow = command({
  path: ['plan', 'show'],
  summary: 'show what a plan does, step by step, and how long it may take',
  arguments: [{ name: 'name', about: 'name of the plan' }],
  options: [JSON_OPTION],
  input: z.object({ name: z.string(), json }),
  example: 'switchover plan show websphere-cafe',
  run: show,
});

async function list({ json: asJson }: { json: boolean }, context: CliContext): Promise<number> {
  const { terminal } = context;
  const { plans: found } = await context.server().get<{ plans: PlanSummary[] }>('/api/plans');
  if (asJson) terminal.out(JSON.stringify(found));
  else if (found.length === 0)
    terminal.talk(
      'The app has no plans. Push one: switchover plan push FILE --reason TEXT (with SWITCHOVER_PLANS=blob)',
    );
  else
    terminal.out(
      columns([['Plan', 'Serves from', 'State', 'Version', 'Description'], ...found.map(row)]).join(
        '\n',
      ),
    );
  for (const problem of asJson ? [] : found.flatMap((plan) => plan.problems))
    terminal.talk(problem);
  return EXIT.done;
}

function row({ name, active, running, version, problems, description }: PlanSummary): string[] {
  const state =
    problems.length > 0 ? 'not valid' : running === null ? 'at rest' : `runs ${running}`;
  const pushed =
    version === null
      ? 'of the package'
      : `${version.number}, ${version.at.slice(0, 16)}Z ${version.by.name}`;
  return [name, active ?? 'unknown', state, pushed, description];
}

async function show(
  { name, json: asJson }: { name: string; json: boolean },
  context: CliContext,
): Promise<number> {
  const plan = await context.server().get<PlanDetail>(`/api/plans/${encodeURIComponent(name)}`);
  const { terminal } = context;
  if (asJson) terminal.out(JSON.stringify(plan));
  else {
    terminal.out(description(plan, terminal).join('\n'));
    terminal.talk(`Run it: switchover failover ${plan.name} --reason TEXT`);
  }
  return EXIT.done;
}

function description(plan: PlanDetail, { colors }: Terminal): string[] {
  return [
    `${colors.bold(plan.name)}  ${plan.description}`,
    ...columns([
      ...plan.sites.map(({ name, region, standby }) => [
        `  ${name}`,
        region,
        `${standby} standby${name === plan.home ? ', home' : ''}${name === plan.active ? ', serves now' : ''}`,
      ]),
    ]),
    `  ${plan.publicUrl}`,
    ...(plan.version === null ? [] : [`  ${versionWords(plan.version)}`]),
    '',
    ...plan.stages.flatMap(({ name, steps }) => [
      colors.bold(name),
      ...columns(
        steps.map(({ id, uses, when, sentence }) => [
          `  ${id}`,
          when === 'always' ? uses : `${uses} (${when} only)`,
          sentence,
        ]),
      ),
    ]),
    '',
    ...budgetLines(plan.budget),
    ...findingLines(plan.findings),
  ];
}
