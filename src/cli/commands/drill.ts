import { z } from 'zod';
import { DRILL_LEVELS } from '../../core/execution.ts';
import type { DrillLevel } from '../../core/execution.ts';
import type { PlanDetail, Started } from '../../functions/services.ts';
import { command } from '../command.ts';
import { confirmed } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { watch } from '../watch.ts';

const input = z.object({
  plan: z.string(),
  level: z.enum(DRILL_LEVELS),
  unplanned: z.boolean().default(false),
  reason: z.string().min(1).default('a drill, asked for by hand'),
  yes: z.boolean().default(false),
  confirm: z.string().optional(),
  watch: z.boolean().default(false),
  idempotencyKey: z.string().optional(),
  input: z.boolean().default(true),
});
type Drill = z.infer<typeof input>;

export const drill = command({
  path: ['drill'],
  summary: 'try a plan: read only, beside what serves, or there and back',
  arguments: [{ name: 'plan', about: 'name of the plan' }],
  options: [
    {
      flags: '--level <level>',
      about: `how deeply: ${DRILL_LEVELS.join(', ')}`,
      required: true,
    },
    { flags: '--unplanned', about: 'of validate and dry-run: as if the old side were dead' },
    { flags: '--reason <text>', about: 'why, for the record' },
    { flags: '--yes', about: 'do not ask (validate and dry-run never do)' },
    { flags: '--confirm <plan>', about: "confirm by the plan's name, for scripts" },
    { flags: '--watch', about: 'follow it to its end' },
    { flags: '--idempotency-key <key>', about: 'repeating the command with it starts nothing new' },
  ],
  input,
  example: 'switchover drill websphere-cafe --level dry-run --watch',
  run,
});

const WORDS: Readonly<Record<DrillLevel, string>> = {
  validate: 'Nothing is changed.',
  'dry-run': 'Nothing is changed.',
  rehearsal: 'What serves is left alone. What is made for it costs money, and is cleaned up.',
  live: 'The application is moved to its other site and back: it is closed twice while it moves.',
};

async function run(asked: Drill, context: CliContext): Promise<number> {
  const { terminal } = context;
  const { plan: name, level, reason, idempotencyKey } = asked;
  const server = context.server();
  const path = `/api/plans/${encodeURIComponent(name)}`;
  const plan = await server.get<PlanDetail>(path);
  terminal.talk(`Drill of ${plan.name}, ${level}. ${WORDS[level]}`);
  if (level === 'rehearsal' || level === 'live') {
    const { confirm, yes, input: mayAsk } = asked;
    await confirmed({ name: plan.name, given: confirm, yes, input: mayAsk }, context);
  }
  const mode = asked.unplanned ? 'unplanned' : 'planned';
  const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const body = { kind: 'drill', level, mode, reason };
  const { id, repeated } = await server.post<Started>(`${path}/executions`, body, headers);
  if (repeated) terminal.talk('This command was given before; nothing new was started.');
  if (asked.watch) return watch({ id, json: false }, context);
  terminal.out(id);
  terminal.talk(`What it found: switchover evidence show ${id}`);
  return EXIT.done;
}
