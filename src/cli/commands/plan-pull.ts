import { z } from 'zod';
import { versionWords } from '../../core/plan-version.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { versionAt } from '../versions.ts';

const input = z.object({
  name: z.string(),
  at: z.coerce.number().int().min(1).optional(),
  output: z.string().min(1).optional(),
});

export const planPull = command({
  path: ['plan', 'pull'],
  summary: 'print a plan as it was pushed, or write it into a file',
  arguments: [{ name: 'name', about: 'name of the plan' }],
  options: [
    { flags: '--at <number>', about: 'an earlier version (default: the newest)' },
    { flags: '-o, --output <file>', about: 'write it there; what the file held is lost' },
  ],
  input,
  example: 'switchover plan pull websphere-cafe --output plans/websphere-cafe.yaml',
  run,
});

async function run(
  { name, at, output }: z.infer<typeof input>,
  { server, terminal, writeFile }: CliContext,
): Promise<number> {
  const { text, ...version } = await versionAt(server(), name, at ?? 'newest');
  if (output === undefined) terminal.out(text.replace(/\n$/, ''));
  else await writeFile(output, text);
  terminal.talk(versionWords(version));
  terminal.talk(`Push what you make of it with --base ${version.number}.`);
  return EXIT.done;
}
