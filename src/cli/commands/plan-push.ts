import { z } from 'zod';
import { versionWords } from '../../core/plan-version.ts';
import type { PlanVersion } from '../../core/plan-version.ts';
import type { Pushed } from '../../functions/services.ts';
import { findingLines } from '../budget.ts';
import { JSON_OPTION, REASON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { planIn } from '../plan-file.ts';
import { noFile } from '../text-file.ts';
import { versionsOf } from '../versions.ts';

const input = z.object({
  file: z.string(),
  reason: z.string().min(1),
  base: z.coerce.number().int().min(0).optional(),
  despiteFindings: z.boolean().default(false),
  json: z.boolean().default(false),
});

export const planPush = command({
  path: ['plan', 'push'],
  summary:
    'make a plan file the newest version of its plan; refused while its checks find something critical, or when somebody else has pushed',
  arguments: [{ name: 'file', about: 'the plan file (YAML)' }],
  options: [
    REASON_OPTION,
    {
      flags: '--base <number>',
      about: 'the version that the file was made from (default: the newest); 0 for a new plan',
    },
    {
      flags: '--despite-findings',
      about: 'push although it could not be run now; the version says so',
    },
    JSON_OPTION,
  ],
  input,
  example: 'switchover plan push plans/websphere-cafe.yaml --reason "longer time-out"',
  run,
});

async function run(
  { file, reason, base, despiteFindings, json }: z.infer<typeof input>,
  { server, terminal, readFile }: CliContext,
): Promise<number> {
  const text = await readFile(file);
  if (text === null) throw noFile(file);
  // Its problems are told with the file's own name, before anything is sent.
  const { name } = planIn(file, text);
  const app = server();
  const [newest] = await versionsOf(app, name);
  const follows = base ?? newest?.number ?? 0;
  const query = new URLSearchParams({
    reason,
    ...(despiteFindings ? { despite: 'findings' } : {}),
  });
  const pushed = await app.put<Pushed>(
    `/api/plans/${encodeURIComponent(name)}?${query.toString()}`,
    text,
    {
      'content-type': 'application/yaml',
      ...(follows === 0 ? { 'if-none-match': '*' } : { 'if-match': `"${follows}"` }),
    },
  );
  if (json) terminal.out(JSON.stringify(pushed));
  else for (const line of told(pushed, newest)) terminal.out(line);
  return EXIT.done;
}

function told(
  { plan, version, unchanged, findings, running }: Pushed,
  before: PlanVersion | undefined,
): readonly string[] {
  if (unchanged)
    return [`${plan}: version ${version.number} says the same already. Nothing was changed.`];
  return [
    `${plan}: version ${version.number} is pushed, and is what starts from now on.`,
    // Whoever pushes from an old copy may not know, and from now on it is watched again.
    ...(before?.retired === true ? [`It comes back after ${versionWords(before)}`] : []),
    ...(running === null
      ? []
      : [`Execution ${running} goes on with the version that it began with.`]),
    ...findingLines(findings.filter(({ severity }) => severity !== 'info')),
  ];
}
