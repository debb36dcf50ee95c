import { z } from 'zod';
import { COMMANDS } from '../core/execution.ts';
import type { Command } from '../core/execution.ts';
import { readJson } from './http/body.ts';
import { json } from './http/exchange.ts';
import type { WebAnswer } from './http/exchange.ts';
import { reason } from './http/reason.ts';
import { parameter } from './http/route.ts';
import type { Call, Route } from './http/route.ts';

/** Which commands take a field, and which cannot do without it. A retry without a step is of all that failed. */
const FIELDS = {
  step: { taken: ['approve', 'reject', 'retry', 'skip'], needed: ['skip'] },
  accept: { taken: ['accept'], needed: ['accept'] },
  then: { taken: ['cancel'], needed: ['cancel'] },
} as const satisfies Record<string, Record<'taken' | 'needed', readonly Command[]>>;

const commandRequest = z
  .strictObject({
    command: z.enum(COMMANDS),
    step: z.string().min(1).max(100).optional(),
    accept: z.enum(['data-loss', 'presumed-fence']).optional(),
    then: z.enum(['compensate', 'stay']).optional(),
    reason,
  })
  .superRefine((request, context) => {
    for (const field of ['step', 'accept', 'then'] as const) {
      const message = misfit(request.command, field, request[field] !== undefined);
      if (message !== null) context.addIssue({ code: 'custom', path: [field], message });
    }
  });

function misfit(command: Command, field: keyof typeof FIELDS, given: boolean): string | null {
  const { taken, needed }: Record<'taken' | 'needed', readonly Command[]> = FIELDS[field];
  if (given && !taken.includes(command)) return `not for ${command}, only for ${taken.join(', ')}`;
  return !given && needed.includes(command) ? `${command} needs it` : null;
}

export const commandRoutes: readonly Route[] = [
  {
    name: 'execution-commands',
    path: 'api/executions/{id}/commands',
    durable: true,
    methods: {
      POST: {
        // Which order it is, and so who may give it, is in the body.
        deed: 'read',
        summary: 'Gives an execution an order',
        answers: '`{execution, command, sequence}`; what becomes of it is in the events',
        status: 202,
        body: commandRequest,
        handle: giveCommand,
      },
    },
  },
];

async function giveCommand({ request, services, allow, door }: Call): Promise<WebAnswer> {
  const execution = parameter(request, 'id');
  const order = await readJson(request, commandRequest);
  const by = allow(order.command);
  const { sequence } = await services.executions.command({ execution, request: order, by }, door());
  const self = `/api/executions/${encodeURIComponent(execution)}`;
  return json(202, { execution, command: order.command, sequence }, { location: self });
}
