import { instant } from '../../../src/core/clock.ts';
import type { Json } from '../../../src/core/json.ts';
import { sameResource } from '../../../src/core/resource-id.ts';
import { errorResponse, regionUnavailable } from '../errors.ts';
import type { Workspace } from '../monitoring/seed.ts';
import type { Service, WireRequest, WireResponse, World } from '../service.ts';
import type { Type, Value } from './kql-expression.ts';
import { runQuery, type Table } from './kql.ts';
import { wrongQuery } from './kql-words.ts';
import type { LogTables } from './tables.ts';

export interface LogsParts {
  readonly world: World;
  readonly workspaces: readonly Workspace[];
  readonly tables: LogTables;
}

/** Log Analytics' query API, by the workspace's GUID or its ARM id. */
export function createLogs(parts: LogsParts): Service {
  const { workspaces } = parts;
  const read = { method: 'POST', mutating: false, operation: 'logs/query' } as const;
  const action = 'Microsoft.OperationalInsights/workspaces/query/read';
  return {
    name: 'logs',
    door: 'logs',
    routes: [
      {
        ...read,
        action,
        path: '/v1/workspaces/{workspace}/query',
        handle: (request) => {
          const asked = request.params['workspace']?.toLowerCase();
          return answer(
            parts,
            workspaces.find((one) => one.customerId === asked),
            request,
          );
        },
      },
      {
        ...read,
        action,
        path: '/v1/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.OperationalInsights/workspaces/{workspace}/query',
        handle: (request) => {
          const id = request.url.pathname.replace(/^\/v1|\/query$/g, '');
          return answer(
            parts,
            workspaces.find((one) => sameResource(one.id, id)),
            request,
          );
        },
      },
    ],
  };
}

function answer(
  { world, tables }: LogsParts,
  workspace: Workspace | undefined,
  { body }: WireRequest,
): WireResponse {
  if (workspace === undefined) {
    return errorResponse(
      404,
      'WorkspaceNotFoundError',
      'The workspace could not be found. Check its id.',
    );
  }
  if (world.outages.dead(workspace.region)) return regionUnavailable(workspace.region);
  const { query, timespan } = askedFor(body);
  const result = runQuery(query, tables.read(spanOf(timespan)), world.clock.now());
  return { status: 200, body: { tables: [tableJson(result)] } };
}

function askedFor(body: Json | undefined): { query: string; timespan: string } {
  const given = typeof body === 'object' && body !== null && 'query' in body ? body : null;
  const { query, timespan } = given ?? {};
  if (typeof query !== 'string') throw wrongQuery('SyntaxError', 'There is no query.');
  return { query, timespan: typeof timespan === 'string' ? timespan : 'P1D' };
}

/** A duration that ends now; the other forms are not known here. */
function spanOf(timespan: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(timespan);
  if (match === null)
    throw wrongQuery('SyntaxError', `The timespan '${timespan}' is not known here.`);
  const [days, hours, minutes, seconds] = match
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}

function tableJson({ columns, rows }: Table): Json {
  return {
    name: 'PrimaryResult',
    columns: [...columns].map(([name, type]) => ({ name, type })),
    rows: rows.map((row) => [...columns].map(([name, type]) => cellJson(row[name] ?? null, type))),
  };
}

function cellJson(value: Value, type: Type): Json {
  return type === 'datetime' && typeof value === 'number' ? instant(value) : value;
}
