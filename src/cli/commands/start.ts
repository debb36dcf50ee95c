import { z } from 'zod';
import type { PlanDetail, Started } from '../../functions/services.ts';
import { REASON_OPTION, command } from '../command.ts';
import type { AnyCommand } from '../command.ts';
import { confirmed } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import { EXIT, Failure } from '../failure.ts';
import { watch } from '../watch.ts';

const input = z.object({
  plan: z.string(),
  unplanned: z.boolean().default(false),
  to: z.string().optional(),
  reason: z.string().min(1),
  yes: z.boolean().default(false),
  confirm: z.string().optional(),
  watch: z.boolean().default(false),
  idempotencyKey: z.string().optional(),
  input: z.boolean().default(true),
});
type Start = z.infer<typeof input> & { readonly kind: 'failover' | 'failback' };

export const failover = startCommand('failover', 'move an application to its other site');
export const failback = startCommand('failback', 'move an application back to its home site');

function startCommand(kind: Start['kind'], summary: string): AnyCommand {
  return command({
    path: [kind],
    summary,
    arguments: [{ name: 'plan', about: 'name of the plan' }],
    options: [
      { flags: '--unplanned', about: 'the old side may be dead; data may be lost' },
      { flags: '--to <site>', about: 'the site to move to (default: the one that does not serve)' },
      REASON_OPTION,
      { flags: '--yes', about: 'do not ask (planned only; unplanned wants --confirm)' },
      { flags: '--confirm <plan>', about: "confirm by the plan's name, for scripts" },
      { flags: '--watch', about: 'follow it to its end' },
      {
        flags: '--idempotency-key <key>',
        about: 'repeating the command with it starts nothing new',
      },
    ],
    input,
    example: `switchover ${kind} websphere-cafe --reason "maintenance in eastus" --watch`,
    run: (start, context) => run({ ...start, kind }, context),
  });
}

async function run(start: Start, context: CliContext): Promise<number> {
  const { terminal } = context;
  const server = context.server();
  const path = `/api/plans/${encodeURIComponent(start.plan)}`;
  const plan = await server.get<PlanDetail>(path);
  for (const line of announcement(start, plan)) terminal.talk(line);
  await confirmed(
    {
      name: plan.name,
      given: start.confirm,
      yes: start.yes && !start.unplanned,
      input: start.input,
    },
    context,
  );
  const { kind, to, reason, idempotencyKey } = start;
  const mode = start.unplanned ? 'unplanned' : 'planned';
  const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
  const { id, repeated } = await server.post<Started>(
    `${path}/executions`,
    { kind, mode, ...(to === undefined ? {} : { to }), reason },
    headers,
  );
  if (repeated) terminal.talk('This command was given before; nothing new was started.');
  if (start.watch) return watch({ id, json: false }, context);
  terminal.out(id);
  terminal.talk(`Follow it: switchover execution watch ${id}`);
  return EXIT.done;
}

function announcement({ kind, unplanned, to }: Start, plan: PlanDetail): string[] {
  const names = plan.sites.map((site) => site.name);
  if (to !== undefined && !names.includes(to)) {
    throw new Failure(EXIT.usage, `${plan.name} has no site ${to}, only ${names.join(' and ')}.`);
  }
  const target = to ?? names.find((name) => name !== plan.active) ?? '?';
  return [
    `${unplanned ? 'Unplanned' : 'Planned'} ${kind} of ${plan.name}: ${plan.active ?? '?'} → ${target}`,
    unplanned
      ? `Data that has not reached ${target} may be lost. Once the other side is writable there is no automatic way back.`
      : 'The application is closed while it moves. If a step fails, what was done is undone.',
    `The steps: switchover plan show ${plan.name}`,
  ];
}
