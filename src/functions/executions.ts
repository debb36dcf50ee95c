import { z } from 'zod';
import { SwitchoverError } from '../core/errors.ts';
import { EXECUTION_STATES } from '../core/execution.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { readQuery } from './http/body.ts';
import { jsonWithTag } from './http/etag.ts';
import { answer, json } from './http/exchange.ts';
import type { WebAnswer, WebRequest } from './http/exchange.ts';
import { parameter } from './http/route.ts';
import type { Call, Route } from './http/route.ts';

const filter = z.strictObject({
  plan: z.string().min(1).optional(),
  state: z.enum(EXECUTION_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});
/** A cursor names every stream, so it grows with the plan; hosts take no longer addresses than this. */
const page = z.strictObject({ after: z.string().max(8000).default('') });

export const executionRoutes: readonly Route[] = [
  {
    name: 'executions',
    path: 'api/executions',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Lists executions',
        answers: '`{executions: [...]}`, newest first',
        query: filter,
        handle: listExecutions,
      },
    },
  },
  {
    name: 'execution',
    path: 'api/executions/{id}',
    methods: {
      GET: {
        deed: 'read',
        summary: 'Shows an execution',
        answers: 'one execution with its steps, its pause and the choices; with `ETag`',
        headers: { 'If-None-Match': 'The `ETag` of an earlier answer: 304 when nothing changed.' },
        handle: showExecution,
      },
    },
  },
  {
    name: 'execution-events',
    path: 'api/executions/{id}/events',
    methods: {
      GET: {
        deed: 'read',
        summary: "Lists an execution's events",
        answers: '`{events: [...], next}`; pass `next` as `after` to get what is new',
        query: page,
        handle: showEvents,
      },
    },
  },
  {
    name: 'execution-evidence',
    path: 'api/executions/{id}/evidence',
    methods: {
      GET: {
        deed: 'read',
        summary: "Shows an execution's evidence",
        answers:
          'the record of the execution, also while it runs; as JSON, or as a page for people',
        headers: { Accept: '`text/markdown` gives the page for people.' },
        handle: showEvidence,
      },
    },
  },
];

async function listExecutions({ request, services }: Call): Promise<WebAnswer> {
  const executions = await services.executions.list(readQuery(request, filter));
  return json(200, { executions });
}

async function showExecution({ request, services }: Call): Promise<WebAnswer> {
  const id = parameter(request, 'id');
  return jsonWithTag(request, known(await services.executions.get(id), id));
}

async function showEvents({ request, services }: Call): Promise<WebAnswer> {
  const id = parameter(request, 'id');
  const { after } = readQuery(request, page);
  return json(200, known(await services.executions.events(id, after === '' ? null : after), id));
}

async function showEvidence({ request, services }: Call): Promise<WebAnswer> {
  const id = parameter(request, 'id');
  const evidence = known(await services.executions.evidence(id), id);
  return prefersMarkdown(request)
    ? answer(200, renderMarkdown(evidence), {
        'content-type': 'text/markdown; charset=utf-8',
        vary: 'accept',
      })
    : json(200, evidence, { vary: 'accept' });
}

/** JSON unless Markdown is asked for by name: browsers and tools that take anything get the document itself. */
function prefersMarkdown(request: WebRequest): boolean {
  const accepted = (request.headers.get('accept') ?? '').toLowerCase().split(',');
  const types = accepted.map((range) => range.split(';')[0]?.trim());
  return types.includes('text/markdown') && !types.includes('application/json');
}

function known<T>(found: T | null, id: string): T {
  if (found !== null) return found;
  throw new SwitchoverError(
    'EXECUTION_UNKNOWN',
    `There is no execution ${id}. GET /api/executions lists the newest.`,
  );
}
