import { z } from 'zod';
import { VERSION } from '../version.ts';
import { rolesFor } from './access/permissions.ts';
import { OWN_HEADER, wantsOwnHeader } from './http/cross-site.ts';
import { json } from './http/exchange.ts';
import type { Described, OpenOperation, Operation, Route } from './http/route.ts';

interface Document {
  readonly [member: string]: unknown;
}

/** What stands in braces in addresses. */
const PARAMETERS: Readonly<Record<string, string>> = {
  name: 'Name of the plan',
  id: 'Id of the execution',
  number: 'Number of the version, or newest',
};

/** The API describes itself, from the same table and schemas that answer. It takes the table late: it is part of it. */
export function openApiRoute(routes: () => readonly Route[]): Route {
  return {
    name: 'openapi',
    path: 'api/openapi.json',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Describes the API',
        answers: 'this API as OpenAPI 3.1',
        handle: async () => json(200, openApi(routes())),
      },
    },
  };
}

/** Requests are described whole. Of answers only what is in them: their shapes are types, which leave no trace. */
export function openApi(routes: readonly Route[]): Document {
  return {
    openapi: '3.1.0',
    info: { title: 'Switchover', version: VERSION, license: { name: 'MIT', identifier: 'MIT' } },
    paths: Object.fromEntries(routes.map((route) => [`/${route.path}`, pathOf(route)])),
    components: {
      schemas: { Problem: z.toJSONSchema(problem, { target: 'draft-2020-12' }) },
      responses: {
        Problem: {
          description: 'Problem details (RFC 9457)',
          content: {
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          },
        },
      },
      securitySchemes: {
        entra: { type: 'http', scheme: 'bearer', description: 'With AUTH=entra' },
        key: {
          type: 'apiKey',
          in: 'header',
          name: 'x-functions-key',
          description: 'With AUTH=keys',
        },
      },
    },
  };
}

const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('For people: what happened and what to do next'),
  instance: z.string(),
  code: z.string().describe('Stable: for programs'),
});

function pathOf(route: Route): Document {
  return Object.fromEntries(
    Object.entries(route.methods).map(([method, operation]) => [
      method.toLowerCase(),
      {
        operationId: `${method.toLowerCase()}-${route.name}`,
        ...operationOf(operation),
        parameters: [
          ...inPath(route.path),
          ...inQuery(operation),
          ...(wantsOwnHeader(method, operation) ? [ownHeader()] : []),
          ...inHeaders(operation),
        ],
      },
    ]),
  );
}

function operationOf(operation: Operation | OpenOperation): Document {
  const { summary, answers, status = 200 } = operation;
  return {
    summary,
    ...('open' in operation
      ? { security: [] }
      : { security: [{ entra: [] }, { key: [] }], 'x-roles': rolesFor(operation.deed) }),
    ...bodyOf(operation),
    responses: {
      [status]: { description: answers },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function bodyOf({ body, text }: Described): Document {
  if (text !== undefined)
    return { requestBody: { required: true, content: { [text]: { schema: { type: 'string' } } } } };
  return body === undefined
    ? {}
    : { requestBody: { required: true, content: { 'application/json': { schema: of(body) } } } };
}

function inPath(path: string): Document[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    description: PARAMETERS[name] ?? '',
    schema: { type: 'string' },
  }));
}

function inQuery({ query }: Described): Document[] {
  const properties = query === undefined ? {} : (of(query).properties ?? {});
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

function ownHeader(): Document {
  return {
    name: OWN_HEADER,
    in: 'header',
    required: true,
    description: 'Any value. Pages of other sites cannot send it',
    schema: { type: 'string', default: '1' },
  };
}

function inHeaders({ headers = {} }: Described): Document[] {
  return Object.entries(headers).map(([name, description]) => ({
    name,
    in: 'header',
    description,
    schema: { type: 'string' },
  }));
}

/** As it is sent: before defaults are filled in. */
function of(schema: z.ZodType): z.core.JSONSchema.JSONSchema {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  delete described.$schema;
  return described;
}
