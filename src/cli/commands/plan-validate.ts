import { z } from 'zod';
import { counted } from '../../core/counted.ts';
import { lintPlan } from '../../plan/lint.ts';
import { parsePlan } from '../../plan/parse.ts';
import { formatProblems } from '../../plan/problem.ts';
import { stepKinds } from '../../steps/registry.ts';
import { budgetLines, findingLines } from '../budget.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { noFile } from '../text-file.ts';

export const planValidate = command({
  path: ['plan', 'validate'],
  summary: 'check a plan file, offline: everything that is wrong with it, and its time budget',
  arguments: [{ name: 'file', about: 'the plan file (YAML)' }],
  options: [JSON_OPTION],
  input: z.object({ file: z.string(), json: z.boolean().default(false) }),
  example: 'switchover plan validate plans/websphere-cafe.yaml',
  run: validate,
});

async function validate(
  { file, json }: { file: string; json: boolean },
  { terminal, readFile }: CliContext,
): Promise<number> {
  const text = await readFile(file);
  if (text === null) throw noFile(file);
  const parsed = parsePlan(file, text, stepKinds);
  if (!parsed.ok) {
    if (json) terminal.out(JSON.stringify({ valid: false, problems: parsed.error }));
    else terminal.out(formatProblems(parsed.error));
    const count = counted(parsed.error.length, 'problem');
    terminal.talk(`${count}. Mend the file, then: switchover plan validate ${file}`);
    return EXIT.usage;
  }
  const { findings, budget } = lintPlan(parsed.value, stepKinds);
  const critical = findings.some(({ severity }) => severity === 'critical');
  if (json) terminal.out(JSON.stringify({ valid: !critical, findings, budget }));
  else terminal.out([...budgetLines(budget), ...findingLines(findings)].join('\n'));
  terminal.talk(
    critical
      ? `${file} can be read, but must not be run like this.`
      : `${file} is valid. Push it: switchover plan push ${file} --reason TEXT`,
  );
  return critical ? EXIT.usage : EXIT.done;
}
