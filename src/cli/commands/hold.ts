import { z } from 'zod';
import type { HoldReport } from '../../functions/services.ts';
import { columns } from '../columns.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT, Failure } from '../failure.ts';

const input = z.object({
  lift: z.boolean().default(false),
  reason: z.string().min(1).optional(),
  json: z.boolean().default(false),
});

export const hold = command({
  path: ['hold'],
  summary:
    'keep everything from starting by itself, or lift that; without a reason, show what holds',
  options: [
    { flags: '--lift', about: 'let things start by themselves again' },
    { flags: '--reason <text>', about: 'why, for the record' },
    JSON_OPTION,
  ],
  input,
  example: 'switchover hold --reason "network maintenance until noon"',
  run,
});

const WORDS = {
  held: 'held',
  'hold-lifted': 'hold lifted',
  'cooldown-lifted': 'cool-down lifted',
} as const;

async function run(
  { lift, reason, json }: z.infer<typeof input>,
  { server, terminal }: CliContext,
): Promise<number> {
  if (lift && reason === undefined)
    throw new Failure(EXIT.usage, '--lift needs --reason: say why, for the record.');
  const report =
    reason === undefined
      ? await server().get<HoldReport>('/api/hold')
      : await server().post<HoldReport>('/api/hold', { lift, reason });
  if (json) {
    terminal.out(JSON.stringify(report));
    return EXIT.done;
  }
  terminal.out(
    report.hold === null
      ? 'Nothing is held: what the plans say may start by itself.'
      : `${report.hold.by.name} holds everything since ${report.hold.at}: ${report.hold.reason}`,
  );
  for (const line of columns(
    report.history.map(({ at, what, plan, by, reason: why }) => [
      `  ${at}`,
      WORDS[what],
      plan ?? 'all plans',
      by.name,
      why,
    ]),
  ))
    terminal.out(line);
  return EXIT.done;
}
