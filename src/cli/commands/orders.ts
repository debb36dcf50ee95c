import { z } from 'zod';
import { COMMANDS } from '../../core/execution.ts';
import type { Command as Order } from '../../core/execution.ts';
import type { CommandAccepted } from '../../functions/services.ts';
import { REASON_OPTION, command } from '../command.ts';
import type { AnyCommand, CommandOption } from '../command.ts';
import { confirmed } from '../confirm.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../failure.ts';

interface About {
  readonly summary: string;
  readonly option?: CommandOption;
  /** The option as it stands in the example. */
  readonly given?: string;
  /** Cannot be taken back: wants the execution's id typed. */
  readonly dangerous?: true;
}

const STEP = { flags: '--step <id>', about: 'the step meant' };

const ORDERS: Readonly<Record<Order, About>> = {
  approve: { summary: 'agree to a run, or a step of it, that waits for approval', option: STEP },
  reject: { summary: 'say no to a run, or a step of it, that waits for approval', option: STEP },
  pause: { summary: 'hold a run before its next step' },
  resume: { summary: 'let a paused run go on' },
  cancel: {
    summary: 'stop a run before its next step, then undo what was done or leave it',
    option: {
      flags: '--then <what>',
      about: 'compensate: undo; stay: leave everything as it is',
      required: true,
    },
    given: '--then compensate',
    dangerous: true,
  },
  retry: {
    summary: 'try a failed step again, or all that failed',
    option: STEP,
    given: '--step database',
  },
  skip: {
    summary: 'go on without a step that you have dealt with yourself',
    option: { ...STEP, required: true },
    given: '--step database',
    dangerous: true,
  },
  accept: {
    summary: 'accept a risk that the run asks about',
    option: { flags: '--accept <risk>', about: 'data-loss or presumed-fence', required: true },
    given: '--accept data-loss',
    dangerous: true,
  },
  'go-unplanned': {
    summary: 'turn a planned run into an unplanned one, because the old side is dead',
    dangerous: true,
  },
};

const input = z.object({
  id: z.string(),
  reason: z.string().min(1),
  step: z.string().optional(),
  then: z.enum(['compensate', 'stay']).optional(),
  accept: z.enum(['data-loss', 'presumed-fence']).optional(),
  confirm: z.string().optional(),
  input: z.boolean().default(true),
});

/** One command for each order that an execution takes. */
export const orders: readonly AnyCommand[] = COMMANDS.map(orderCommand);

function orderCommand(order: Order): AnyCommand {
  const { summary, option, given, dangerous } = ORDERS[order];
  const words = ['switchover execution', order, '20261102-101500-abc123', given, '--reason "…"'];
  return command({
    path: ['execution', order],
    summary,
    arguments: [{ name: 'id', about: 'id of the execution' }],
    options: [
      REASON_OPTION,
      ...(option === undefined ? [] : [option]),
      ...(dangerous === true
        ? [{ flags: '--confirm <id>', about: "confirm by the execution's id, for scripts" }]
        : []),
    ],
    input,
    example: words.filter((word) => word !== undefined).join(' '),
    run: (fields, context) => run(order, dangerous === true, fields, context),
  });
}

async function run(
  order: Order,
  dangerous: boolean,
  { id, confirm, input: mayAsk, ...fields }: z.infer<typeof input>,
  context: CliContext,
): Promise<number> {
  const server = context.server();
  if (dangerous) {
    context.terminal.talk(`${order}: ${ORDERS[order].summary}.`);
    await confirmed({ name: id, given: confirm, yes: false, input: mayAsk }, context);
  }
  const { sequence } = await server.post<CommandAccepted>(
    `/api/executions/${encodeURIComponent(id)}/commands`,
    { command: order, ...fields },
  );
  context.terminal.talk(
    `Order ${sequence} (${order}) is with ${id}. See what it does: switchover execution watch ${id}`,
  );
  return EXIT.done;
}
