import type { Json } from '../../../src/core/json.ts';
import { canonicalId } from '../../../src/core/resource-id.ts';
import { errorResponse, Refusal, resourceNotFound } from '../errors.ts';
import { sqlStyle } from '../operation-styles.ts';
import type { Operations } from '../operations.ts';
import type { Route, Service, WireRequest, WireResponse } from '../service.ts';
import type { FailoverGroups, GroupView, SqlServer } from './failover-groups.ts';
import { databaseBody, groupBody, linkBody, serverBody } from './wire.ts';

const SERVERS = '/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Sql/servers';
const SERVER = `${SERVERS}/{server}`;
const DATABASE = `${SERVER}/databases/{database}`;
const GROUP = `${SERVER}/failoverGroups/{group}`;
const LOCATION = '/subscriptions/{sub}/providers/Microsoft.Sql/locations/{region}';

export function createSql(operations: Operations, groups: FailoverGroups): Service {
  const region = (request: WireRequest): string | undefined =>
    groups.server(serverId(request))?.location;
  return {
    name: 'sql',
    routes: [
      ...readRoutes(groups, region),
      ...failoverRoutes(operations, groups, region),
      {
        method: 'GET',
        path: `${LOCATION}/failoverGroupAzureAsyncOperation/{operation}`,
        handle: ({ params }) => operations.poll(params['operation'] ?? ''),
      },
      {
        method: 'GET',
        path: `${LOCATION}/failoverGroupOperationResults/{operation}`,
        handle: ({ params }) => operations.result(params['operation'] ?? ''),
      },
    ],
  };
}

function readRoutes(
  groups: FailoverGroups,
  region: NonNullable<Route['region']>,
): readonly Route[] {
  const read = (path: string, type: string, body: (request: WireRequest) => Json): Route => ({
    method: 'GET',
    path,
    action: `Microsoft.Sql/${type}/read`,
    region,
    handle: (request) => ok(body(request)),
  });
  return [
    read(SERVERS, 'servers', (request) => listServers(groups, request)),
    read(SERVER, 'servers', (request) => serverBody(needServer(groups, request))),
    read(`${SERVER}/databases`, 'servers/databases', (request) => ({
      value: views(groups, request).flatMap((view) =>
        view.databases.map((id) => databaseBody(id, view)),
      ),
    })),
    read(DATABASE, 'servers/databases', (request) => {
      const { id, view } = needDatabase(groups, request);
      return databaseBody(id, view);
    }),
    read(`${DATABASE}/replicationLinks`, 'servers/databases/replicationLinks', (request) => {
      const { id, view } = needDatabase(groups, request);
      return { value: [linkBody(id, view)] };
    }),
    read(`${SERVER}/failoverGroups`, 'servers/failoverGroups', (request) => ({
      value: views(groups, request).map(groupBody),
    })),
    read(GROUP, 'servers/failoverGroups', (request) => groupBody(needGroup(groups, request))),
  ];
}

/** The two that move a group; the second takes what is there when the primary is dead. */
const FAILOVERS = [
  { verb: 'failover', operation: 'sql/failover', name: 'FailoverFailoverGroup', forced: false },
  {
    verb: 'forceFailoverAllowDataLoss',
    operation: 'sql/force-failover',
    name: 'ForceFailoverFailoverGroup',
    forced: true,
  },
] as const;

function failoverRoutes(
  operations: Operations,
  groups: FailoverGroups,
  region: NonNullable<Route['region']>,
): readonly Route[] {
  return FAILOVERS.map((kind) => ({
    method: 'POST',
    path: `${GROUP}/${kind.verb}`,
    operation: kind.operation,
    action: `Microsoft.Sql/servers/failoverGroups/${kind.verb}/action`,
    region,
    handle: (request) => failover(operations, groups, request, kind),
  }));
}

function failover(
  operations: Operations,
  groups: FailoverGroups,
  request: WireRequest,
  kind: (typeof FAILOVERS)[number],
): WireResponse {
  const view = needGroup(groups, request);
  const { server, name } = view;
  const change = groups.failover(server.id, name, kind.forced);
  if (change === 'busy') return busy(name, kind.verb);
  if (change === 'on-primary') return onPrimary();
  return operations.begin({
    request,
    style: sqlStyle,
    operation: kind.operation,
    resource: `${server.id}/failoverGroups/${name}`,
    name: kind.name,
    region: server.location,
    effect: `${kind.forced ? 'forced' : 'planned'} failover of ${name} to ${server.name} began`,
    seconds: change.seconds,
    complete: change.complete,
    abandon: change.abandon,
    result: () => ok(groupBody(needGroup(groups, request))),
  });
}

function busy(group: string, verb: string): WireResponse {
  return errorResponse(
    409,
    'FailoverGroupBusy',
    `The Failover Group '${group}' is busy with another operation and cannot perform '${verb} Failover Group' operation. Please try again later.`,
  );
}

function onPrimary(): WireResponse {
  return errorResponse(
    400,
    'FailoverGroupFailoverRequestOnPrimary',
    'The failover request should be initiated on the secondary server of failover group.',
  );
}

function listServers(groups: FailoverGroups, { params }: WireRequest): Json {
  const prefix = canonicalId(
    `/subscriptions/${params['sub'] ?? ''}/resourceGroups/${params['rg'] ?? ''}`,
  );
  const found = groups.servers().filter(({ id }) => canonicalId(id).startsWith(`${prefix}/`));
  return { value: found.map(serverBody) };
}

function needServer(groups: FailoverGroups, request: WireRequest): SqlServer {
  const found = groups.server(serverId(request));
  if (found === null) throw missing(request, `servers/${request.params['server'] ?? ''}`);
  return found;
}

function needGroup(groups: FailoverGroups, request: WireRequest): GroupView {
  const name = request.params['group'] ?? '';
  const found = groups.view(needServer(groups, request).id, name);
  if (found === null)
    throw missing(request, `servers/${request.params['server'] ?? ''}/failoverGroups/${name}`);
  return found;
}

function needDatabase(
  groups: FailoverGroups,
  request: WireRequest,
): { id: string; view: GroupView } {
  const id = canonicalId(`${serverId(request)}/databases/${request.params['database'] ?? ''}`);
  for (const view of views(groups, request)) {
    const found = view.databases.find((each) => canonicalId(each) === id);
    if (found !== undefined) return { id: found, view };
  }
  const { server = '', database = '' } = request.params;
  throw missing(request, `servers/${server}/databases/${database}`);
}

function views(groups: FailoverGroups, request: WireRequest): readonly GroupView[] {
  return groups.viewsOf(needServer(groups, request).id);
}

function missing({ params }: WireRequest, resource: string): Refusal {
  return new Refusal(resourceNotFound(`Microsoft.Sql/${resource}`, params['rg'] ?? ''));
}

function serverId({ params }: WireRequest): string {
  const { sub = '', rg = '', server = '' } = params;
  return `/subscriptions/${sub}/resourceGroups/${rg}/providers/Microsoft.Sql/servers/${server}`;
}

function ok(body: Json): WireResponse {
  return { status: 200, body };
}
