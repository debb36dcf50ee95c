import { z } from 'zod';
import { describePlan } from '../../plan/describe.ts';
import { stepKinds } from '../../steps/registry.ts';
import { command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { planIn } from '../plan-file.ts';
import { noFile } from '../text-file.ts';

/** What to do by hand on the day when Switchover itself is away, so it must need nothing but the file. */
export const planDescribe = command({
  path: ['plan', 'describe'],
  summary: 'say what a plan file does in each direction, offline: a runbook for people',
  arguments: [{ name: 'file', about: 'the plan file (YAML)' }],
  input: z.object({ file: z.string() }),
  example: 'switchover plan describe plans/websphere-cafe.yaml',
  run: describe,
});

async function describe(
  { file }: { file: string },
  { terminal, readFile }: CliContext,
): Promise<number> {
  const text = await readFile(file);
  if (text === null) throw noFile(file);
  terminal.out(describePlan(planIn(file, text), stepKinds));
  return EXIT.done;
}
