import { z } from 'zod';
import type { PlanVersion } from '../../core/plan-version.ts';
import { REASON_OPTION, command } from '../command.ts';
import { confirmed } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';

const input = z.object({
  name: z.string(),
  reason: z.string().min(1),
  confirm: z.string().optional(),
  input: z.boolean().default(true),
});

export const planRetire = command({
  path: ['plan', 'retire'],
  summary: 'end a plan: it is not watched, drilled or started any more; its versions stay',
  arguments: [{ name: 'name', about: 'name of the plan' }],
  options: [
    REASON_OPTION,
    { flags: '--confirm <plan>', about: "confirm by the plan's name, for scripts" },
  ],
  input,
  example: 'switchover plan retire websphere-cafe --reason "the café has closed"',
  run,
});

async function run(
  { name, reason, confirm, input: asks }: z.infer<typeof input>,
  context: CliContext,
): Promise<number> {
  await confirmed({ name, given: confirm, yes: false, input: asks }, context);
  const query = new URLSearchParams({ reason }).toString();
  const path = `/api/plans/${encodeURIComponent(name)}?${query}`;
  const { number } = await context.server().delete<PlanVersion>(path);
  context.terminal.out(
    `${name} is retired by version ${number}. It comes back when it is pushed again.`,
  );
  return EXIT.done;
}
