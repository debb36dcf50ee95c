import { z } from 'zod';
import { versionWords } from '../../core/plan-version.ts';
import type { VersionWithText } from '../../functions/services.ts';
import { comparePlans } from '../../plan/compare.ts';
import { parsePlan } from '../../plan/parse.ts';
import { stepKinds } from '../../steps/registry.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { planIn } from '../plan-file.ts';
import { textDiff } from '../text-diff.ts';
import { noFile } from '../text-file.ts';
import { newestVersion, versionAt } from '../versions.ts';

const input = z.object({
  file: z.string(),
  at: z.coerce.number().int().min(1).optional(),
  json: z.boolean().default(false),
});

export const planDiff = command({
  path: ['plan', 'diff'],
  summary:
    'say what a plan file would change of the plan that was pushed, and what that means; exit code 1 when they differ',
  arguments: [{ name: 'file', about: 'the plan file (YAML)' }],
  options: [
    { flags: '--at <number>', about: 'compare with an earlier version (default: the newest)' },
    JSON_OPTION,
  ],
  input,
  example: 'switchover plan diff plans/websphere-cafe.yaml',
  run,
});

async function run(
  { file, at, json }: z.infer<typeof input>,
  { server, terminal, readFile }: CliContext,
): Promise<number> {
  const text = await readFile(file);
  if (text === null) throw noFile(file);
  const plan = planIn(file, text);
  const app = server();
  const version =
    at === undefined ? await newestVersion(app, plan.name) : await versionAt(app, plan.name, at);
  const isSame = version?.text === text;
  const meaning = version === null ? [] : meaningOf(version, file, text);
  if (json) terminal.out(JSON.stringify({ plan: plan.name, version, isSame, meaning }));
  else if (version === null)
    terminal.out(`${plan.name} was never pushed: this would be version 1.`);
  else if (isSame) terminal.out(`${file} is ${versionWords(version)}`);
  else {
    terminal.talk(`- ${versionWords(version)}`);
    terminal.talk(`+ ${file}`);
    for (const line of textDiff(version.text, text, terminal.colors)) terminal.out(line);
    terminal.out('');
    for (const line of meaning) terminal.out(line);
  }
  return isSame ? EXIT.done : EXIT.failed;
}

function meaningOf({ text: before }: VersionWithText, file: string, text: string): string[] {
  const then = parsePlan('the version that was pushed', before, stepKinds);
  if (!then.ok) return ['What was pushed is no valid plan for this version of switchover.'];
  const changes = comparePlans(then.value, planIn(file, text), stepKinds);
  return changes.length === 0
    ? ['It means the same: nothing would run or be decided otherwise.']
    : ['What that means:', ...changes.map((change) => `- ${change}`)];
}
