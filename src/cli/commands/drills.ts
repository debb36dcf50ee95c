import { z } from 'zod';
import { formatSeconds } from '../../core/duration.ts';
import type { DrillLine, DrillNote, DrillReport } from '../../functions/services.ts';
import { columns } from '../columns.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';

const input = z.object({
  plan: z.string().optional(),
  limit: z.string().optional(),
  json: z.boolean().default(false),
});

export const drills = command({
  path: ['drills'],
  summary: 'show when plans are drilled, what is overdue, and how the last drills ended',
  options: [
    { flags: '--plan <name>', about: 'only those of this plan' },
    { flags: '--limit <number>', about: 'at most so many of the past' },
    JSON_OPTION,
  ],
  input,
  example: 'switchover drills --plan websphere-cafe',
  run: list,
});

async function list(
  { json: asJson, ...filter }: z.infer<typeof input>,
  context: CliContext,
): Promise<number> {
  const { terminal } = context;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, value);
  }
  const path = query.size === 0 ? '/api/drills' : `/api/drills?${query.toString()}`;
  const report = await context.server().get<DrillReport>(path);
  if (asJson) terminal.out(JSON.stringify(report));
  else for (const line of linesOf(report)) terminal.out(line);
  return EXIT.done;
}

function linesOf({ calendar, history }: DrillReport): string[] {
  return [
    ...(calendar.length === 0
      ? ['No plan has a drill calendar.']
      : columns([['Plan', 'Level', 'Last', 'Next', 'Stands'], ...calendar.map(standing)])),
    ...(history.length === 0
      ? []
      : ['', ...columns([['At', 'Plan', 'Level', 'Ended', 'What it said'], ...history.map(past)])]),
  ];
}

function standing({ plan, level, last, next, waits, overdueSeconds }: DrillLine): string[] {
  const stands = [
    ...(overdueSeconds === null ? [] : [`overdue: none for ${formatSeconds(overdueSeconds)}`]),
    ...(waits === null ? [] : [`waits: ${waits}`]),
  ];
  return [
    plan,
    level,
    last === null ? 'never' : `${minute(last.at)} ${last.is}`,
    next === null ? 'never' : minute(next),
    stands.length === 0 ? 'in time' : stands.join('; '),
  ];
}

function past({ at, plan, level, is, sentence }: DrillNote): string[] {
  return [minute(at), plan, level, is, sentence];
}

function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}
