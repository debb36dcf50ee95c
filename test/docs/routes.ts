import { rolesFor } from '../../src/functions/access/permissions.ts';
import type { OpenOperation, Operation } from '../../src/functions/http/route.ts';
import { ROUTES } from '../../src/functions/routes.ts';
import { z } from 'zod';
import { asSchema, fieldTable, fieldsOf, table } from './fields.ts';

type Any = Operation | OpenOperation;

/** Every address, from the table of which the doors are made. */
export function routesPage(): string {
  const operations = ROUTES.flatMap(({ path, methods }) =>
    Object.entries(methods).map(([method, operation]) => ({
      address: `${method} /${path}`,
      operation,
    })),
  );
  return [
    table(
      ['address', 'who', 'what', 'answer'],
      operations.map(({ address, operation }) => [
        `\`${address}\``,
        who(operation),
        operation.summary,
        `${operation.status ?? 200}: ${operation.answers}`,
      ]),
    ),
    ...operations.flatMap(({ address, operation }) => sent(address, operation)),
  ].join('\n\n');
}

function who(operation: Any): string {
  if ('open' in operation) return 'anybody';
  const roles = rolesFor(operation.deed);
  return roles.includes('Viewer') ? 'readers' : roles.join(', ');
}

/** What is sent along, where something is. */
function sent(address: string, { query, body, text, headers = {} }: Any): string[] {
  const told = Object.entries(headers).map(([name, about]) => `- \`${name}\`: ${about}`);
  const parts = [
    ...(query === undefined ? [] : ['In the query:', fields(query)]),
    ...(body === undefined ? [] : ['In the body:', fields(body)]),
    ...(text === undefined ? [] : [`In the body: \`${text}\`.`]),
    ...(told.length === 0 ? [] : [`Headers:\n\n${told.join('\n')}`]),
  ];
  return parts.length === 0 ? [] : [`### \`${address}\``, ...parts];
}

function fields(schema: z.ZodType): string {
  const described = asSchema(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return fieldTable(fieldsOf(described, asSchema(described.$defs), []));
}
