import { z } from 'zod';
import { COMMANDS } from '../core/execution.ts';
import { readJson } from './http/body.ts';
import { json } from './http/exchange.ts';
import type { WebAnswer } from './http/exchange.ts';
import { parameter } from './http/route.ts';
import type { Call, Route } from './http/route.ts';

/** Commands that only make sense with a certain field, and the only ones that take it. */
const NEEDS = {
  step: ['retry', 'skip'],
  accept: ['accept'],
  then: ['cancel'],
} as const satisfies Record<string, readonly (typeof COMMANDS)[number][]>;

const commandRequest = z
  .strictObject({
    command: z.enum(COMMANDS),
    step: z.string().min(1).max(100).optional(),
    accept: z.enum(['data-loss', 'presumed-fence']).optional(),
    then: z.enum(['compensate', 'stay']).optional(),
    reason: z.string().trim().min(1, 'say why, for the record').max(1000),
  })
  .superRefine((request, context) => {
    for (const field of ['step', 'accept', 'then'] as const) {
      const needed = (NEEDS[field] as readonly string[]).includes(request.command);
      if (needed === (request[field] !== undefined)) continue;
      const message = needed
        ? `${request.command} needs it`
        : `only ${NEEDS[field].join(' and ')} take${NEEDS[field].length === 1 ? 's' : ''} it`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });

export const commandRoutes: readonly Route[] = [
  {
    name: 'execution-commands',
    path: 'api/executions/{id}/commands',
    durable: true,
    methods: { POST: { deed: 'read', handle: giveCommand } },
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
