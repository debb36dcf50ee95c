import { z } from 'zod';
import { executionWords } from '../../core/execution.ts';
import type { EventPage, ExecutionDetail, ExecutionSummary } from '../../functions/services.ts';
import { columns } from '../columns.ts';
import { JSON_OPTION, command } from '../command.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';
import { timeline } from '../timeline.ts';
import { canvas, watch } from '../watch.ts';

const json = z.boolean().default(false);
const one = z.object({ id: z.string(), json });
const ID = { name: 'id', about: 'id of the execution' };

export const executions = command({
  path: ['executions'],
  summary: 'list executions, newest first',
  options: [
    { flags: '--plan <name>', about: 'only those of this plan' },
    { flags: '--state <state>', about: 'only those in this state' },
    { flags: '--limit <number>', about: 'at most so many' },
    JSON_OPTION,
  ],
  input: z.object({
    plan: z.string().optional(),
    state: z.string().optional(),
    limit: z.string().optional(),
    json,
  }),
  example: 'switchover executions --plan websphere-cafe',
  run: list,
});

export const executionShow = command({
  path: ['execution', 'show'],
  summary: 'show one execution: stages, steps, choices, times',
  arguments: [ID],
  options: [JSON_OPTION],
  input: one,
  example: 'switchover execution show 20261102-101500-abc123',
  run: show,
});

export const executionWatch = command({
  path: ['execution', 'watch'],
  summary: 'follow an execution until it ends or waits for you; exits with the code of its state',
  arguments: [ID],
  options: [{ flags: '--json', about: 'print events as JSON, one a line' }],
  input: one,
  example: 'switchover execution watch 20261102-101500-abc123',
  run: watch,
});

interface Filter {
  readonly plan?: string | undefined;
  readonly state?: string | undefined;
  readonly limit?: string | undefined;
  readonly json: boolean;
}

async function list({ json: asJson, ...filter }: Filter, context: CliContext): Promise<number> {
  const { terminal } = context;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined) query.set(name, value);
  }
  const path = query.size === 0 ? '/api/executions' : `/api/executions?${query.toString()}`;
  const found = await context.server().get<{ executions: ExecutionSummary[] }>(path);
  if (asJson) terminal.out(JSON.stringify(found.executions));
  else if (found.executions.length === 0)
    terminal.talk('There are none. Start one: switchover failover PLAN --reason TEXT');
  else terminal.out(columns([HEAD, ...found.executions.map(row)]).join('\n'));
  return EXIT.done;
}

const HEAD = ['Id', 'Plan', 'Kind', 'Way', 'State', 'Requested', 'By', 'Reason'];

function row(execution: ExecutionSummary): string[] {
  const { id, plan, from, to, state, requestedAt, requestedBy, reason } = execution;
  const when = requestedAt.slice(0, 19).replace('T', ' ');
  return [
    id,
    plan,
    executionWords(execution),
    `${from} → ${to}`,
    state,
    when,
    requestedBy.name,
    reason,
  ];
}

async function show(
  { id, json: asJson }: z.infer<typeof one>,
  context: CliContext,
): Promise<number> {
  const path = `/api/executions/${encodeURIComponent(id)}`;
  const execution = await context.server().get<ExecutionDetail>(path);
  if (asJson) {
    context.terminal.out(JSON.stringify(execution));
    return EXIT.done;
  }
  const { events } = await context.server().get<EventPage>(`${path}/events`);
  context.terminal.out(timeline(execution, events, canvas(context)).join('\n'));
  return EXIT.done;
}
