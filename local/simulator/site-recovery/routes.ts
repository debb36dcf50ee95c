import type { JsonObject } from '../../../src/core/json.ts';
import { canonicalId, sameResource } from '../../../src/core/resource-id.ts';
import { Refusal, errorResponse, resourceNotFound } from '../errors.ts';
import type { Route, WireRequest, WireResponse } from '../service.ts';
import type { Site, Target } from './actions.ts';
import * as commands from './commands.ts';
import type { Post } from './commands.ts';
import {
  containerJson,
  fabricJson,
  mappingJson,
  policyJson,
  vaultHealthJson,
} from './fabric-wire.ts';
import { itemJson, pointJson } from './item-wire.ts';
import { itemId } from './items.ts';
import type { ProtectedItem } from './items.ts';
import { jobId, jobJson } from './job-wire.ts';
import {
  cancelPlan,
  launch,
  needOperation,
  operationResult,
  operationStatus,
} from './operations.ts';
import { planJson } from './plan-wire.ts';
import { savePlan } from './plan-save.ts';
import { reprotectPlan, switchProtection } from './reversal.ts';
import { itemTarget, planTarget } from './targets.ts';
import type { RecoveryPlan, Vault } from './vault.ts';

const VAULT =
  '/subscriptions/{sub}/resourceGroups/{group}/providers/Microsoft.RecoveryServices/vaults/{vault}';
const FABRIC = `${VAULT}/replicationFabrics/{fabric}`;
const CONTAINER = `${FABRIC}/replicationProtectionContainers/{container}`;
const ITEM = `${CONTAINER}/replicationProtectedItems/{item}`;
const PLAN = `${VAULT}/replicationRecoveryPlans/{plan}`;
const JOB = `${VAULT}/replicationJobs/{job}`;

export interface RouteParts {
  readonly site: Site;
  readonly vaults: readonly Vault[];
  /** Items of a vault that one answer lists. */
  readonly pageSize: number;
}

/** A request to a vault that exists. */
interface Visit {
  readonly parts: RouteParts;
  readonly vault: Vault;
  readonly request: WireRequest;
}

type Handler = (visit: Visit) => WireResponse;

export function siteRecoveryRoutes(parts: RouteParts): readonly Route[] {
  const route = (
    method: Route['method'],
    path: string,
    operation: string,
    handle: Handler,
  ): Route => ({
    method,
    path,
    operation: `site-recovery/${operation}`,
    ...rightTo(method, path),
    region: (request) => findVault(parts, request)?.region,
    handle: (request) => {
      const vault = findVault(parts, request);
      if (vault !== undefined) return handle({ parts, vault, request });
      const { vault: name = '', group = '' } = request.params;
      return resourceNotFound(`Microsoft.RecoveryServices/vaults/${name}`, group);
    },
  });
  return [
    ...structureRoutes.map(([path, handle]) => route('GET', path, 'get', handle)),
    ...itemCommands.map(([verb, operation, command]) =>
      route('POST', `${ITEM}/${verb}`, operation, onItem(command)),
    ),
    ...planCommands.map(([verb, operation, command]) =>
      route('POST', `${PLAN}/${verb}`, operation, onPlan(command)),
    ),
    route('POST', `${CONTAINER}/switchprotection`, 'reprotect', reverse),
    route('PUT', PLAN, 'put-plan', putPlan),
    route('POST', `${JOB}/cancel`, 'cancel', cancel),
    ...[ITEM, CONTAINER, PLAN, JOB].map((acted) =>
      route('GET', `${acted}/operationresults/{operation}`, 'poll', result),
    ),
    route('GET', `${VAULT}/replicationOperationStatus/{operation}`, 'poll', status),
  ];
}

const structureRoutes: readonly (readonly [path: string, handle: Handler])[] = [
  [`${VAULT}/replicationFabrics`, ({ vault }) => list(vault.fabrics.map(fabricJson))],
  [FABRIC, ({ vault, request }) => one(fabricJson(needFabric(vault, request)))],
  [
    `${VAULT}/replicationProtectionContainers`,
    ({ vault }) => list(vault.fabrics.map((each) => containerJson(vault, each))),
  ],
  [
    `${FABRIC}/replicationProtectionContainers`,
    ({ vault, request }) => list([containerJson(vault, needFabric(vault, request))]),
  ],
  [CONTAINER, getContainer],
  [
    `${VAULT}/replicationProtectionContainerMappings`,
    ({ vault }) => list(vault.mappings.map((each) => mappingJson(vault, each))),
  ],
  [`${CONTAINER}/replicationProtectionContainerMappings`, listMappings],
  [`${VAULT}/replicationPolicies`, ({ vault }) => list(vault.policyIds.map(policyJson))],
  [`${VAULT}/replicationProtectedItems`, listItems],
  [`${CONTAINER}/replicationProtectedItems`, listItemsOfContainer],
  [ITEM, ({ vault, request }) => one(itemJson(vault, needItem(vault, request)))],
  [`${ITEM}/recoveryPoints`, listPoints],
  [`${ITEM}/recoveryPoints/{point}`, getPoint],
  [
    `${VAULT}/replicationRecoveryPlans`,
    ({ vault }) => list([...vault.plans.values()].map((plan) => planJson(vault, plan, 'list'))),
  ],
  [PLAN, ({ vault, request }) => one(planJson(vault, needPlan(vault, request), 'get'))],
  [`${VAULT}/replicationJobs`, listJobs],
  [JOB, getJob],
  [`${VAULT}/replicationVaultHealth`, ({ vault }) => one(vaultHealthJson(vault))],
];

type Command = (post: Post) => WireResponse;

const itemCommands: readonly (readonly [verb: string, operation: string, command: Command])[] = [
  ['unplannedFailover', 'failover', commands.failOverItem],
  ['plannedFailover', 'planned-failover', commands.failOverPlanned],
  ['failoverCommit', 'commit', commands.commit],
  ['applyRecoveryPoint', 'change-point', commands.changePoint],
  ['testFailover', 'test-failover', commands.testFailOver],
  ['testFailoverCleanup', 'test-failover-cleanup', commands.cleanUpTestFailover],
];

const planCommands: typeof itemCommands = [
  ['unplannedFailover', 'failover', commands.failOverPlan],
  ['plannedFailover', 'planned-failover', commands.failOverPlanned],
  ['failoverCommit', 'commit', commands.commit],
  ['testFailover', 'test-failover', commands.testFailOver],
  ['testFailoverCleanup', 'test-failover-cleanup', commands.cleanUpTestFailover],
  ['reProtect', 'reprotect', reprotectPlan],
];

/** `…/replicationProtectedItems/{item}/unplannedFailover` needs `…/replicationProtectedItems/unplannedFailover/action`. */
function rightTo(method: Route['method'], path: string): { action?: string } {
  if (path.includes('{operation}')) return {};
  const words = path
    .slice(path.indexOf('Microsoft.'))
    .split('/')
    .filter((word) => !word.startsWith('{'));
  const verb = { GET: 'read', PUT: 'write', PATCH: 'write', DELETE: 'delete', POST: 'action' }[
    method
  ];
  return { action: `${words.join('/')}/${verb}` };
}

function onItem(command: Command): Handler {
  return ({ parts: { site }, vault, request }) => {
    const item = needItem(vault, request);
    return command({
      site,
      vault,
      request,
      target: itemTarget(item),
      result: () => one(itemJson(vault, item)),
    });
  };
}

function onPlan(command: Command): Handler {
  return ({ parts: { site }, vault, request }) => {
    const plan = needPlan(vault, request);
    const target: Target = planTarget(vault, plan);
    return command({
      site,
      vault,
      request,
      target,
      result: () => one(planJson(vault, plan, 'get')),
    });
  };
}

function reverse({ parts: { site }, vault, request }: Visit): WireResponse {
  const fabric = needContainer(vault, request);
  return switchProtection(
    { site, vault, request, result: () => one(containerJson(vault, fabric)) },
    fabric.containerId,
  );
}

function putPlan({ parts: { site }, vault, request }: Visit): WireResponse {
  const { plan: name = '' } = request.params;
  const planId = `${vault.id}/replicationRecoveryPlans/${name}`;
  return savePlan(site.world, vault, request, {
    planId,
    result: () => one(planJson(vault, needPlan(vault, request), 'get')),
  });
}

function cancel({ parts: { site }, vault, request }: Visit): WireResponse {
  const operation = needOperation(vault, request.params['job'] ?? '');
  const { world } = site;
  const id = world.newId();
  return launch(id, {
    world,
    vault,
    request,
    plan: cancelPlan(world, id, operation),
    result: () => one(jobJson(vault, operation, 'get')),
    ...(operation.job.state === 'InProgress' && { effect: `job ${operation.job.id} cancelled` }),
  });
}

function status({ parts: { site }, vault, request }: Visit): WireResponse {
  return operationStatus(site.world, vault, request.params['operation'] ?? '');
}

function result({ parts: { site }, vault, request }: Visit): WireResponse {
  return operationResult(site.world, vault, request.params['operation'] ?? '');
}

function getContainer({ vault, request }: Visit): WireResponse {
  return one(containerJson(vault, needContainer(vault, request)));
}

function listMappings({ vault, request }: Visit): WireResponse {
  const { containerId } = needContainer(vault, request);
  const own = vault.mappings.filter((each) => sameResource(each.containerId, containerId));
  return list(own.map((each) => mappingJson(vault, each)));
}

function listItems({ parts, vault, request }: Visit): WireResponse {
  refuseFilter(request);
  const { pageSize } = parts;
  const start = Number(request.query.get('skipToken') ?? 0);
  const page = [...vault.items.values()].slice(start, start + pageSize);
  const next = new URL(request.url);
  next.searchParams.set('skipToken', String(start + pageSize));
  const value = page.map((item) => itemJson(vault, item));
  return one({ value, nextLink: start + pageSize < vault.items.size ? next.href : null });
}

function listItemsOfContainer({ vault, request }: Visit): WireResponse {
  const { containerId } = needContainer(vault, request);
  const own = [...vault.items.values()].filter((item) =>
    sameResource(item.containerId, containerId),
  );
  return list(own.map((item) => itemJson(vault, item)));
}

/** In no order of time: names are random. */
function listPoints({ vault, request }: Visit): WireResponse {
  const item = needItem(vault, request);
  const points = item.points.toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return list(points.map((point) => pointJson(item, point)));
}

function getPoint({ vault, request }: Visit): WireResponse {
  const item = needItem(vault, request);
  const name = request.params['point'] ?? '';
  const point = item.points.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (point === undefined) throw notFound(request, `recoveryPoints/${name}`);
  return one(pointJson(item, point));
}

function listJobs({ vault, request }: Visit): WireResponse {
  refuseFilter(request);
  return list([...vault.operations.values()].map((operation) => jobJson(vault, operation, 'list')));
}

/** The job's own id is also the answer's request id. */
function getJob({ vault, request }: Visit): WireResponse {
  const operation = needOperation(vault, request.params['job'] ?? '');
  const headers = { 'x-ms-request-id': jobId(vault, operation.job.id) };
  return { ...one(jobJson(vault, operation, 'get')), headers };
}

/** Loud: a filter that was ignored would look like one that worked. */
function refuseFilter({ query }: WireRequest): void {
  const filter = query.get('$filter');
  if (filter === null) return;
  throw new Refusal(errorResponse(501, 'NotSimulated', `Filters are not simulated: ${filter}`));
}

function findVault({ vaults }: RouteParts, { params }: WireRequest): Vault | undefined {
  const id = VAULT.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  return vaults.find((vault) => sameResource(vault.id, id));
}

function needFabric({ fabrics, id }: Vault, request: WireRequest): Vault['fabrics'][number] {
  const { fabric: name = '' } = request.params;
  const found = fabrics.find((fabric) =>
    sameResource(fabric.id, `${id}/replicationFabrics/${name}`),
  );
  if (found !== undefined) return found;
  throw notFound(request, `replicationFabrics/${name}`);
}

function needContainer(vault: Vault, request: WireRequest): Vault['fabrics'][number] {
  const fabric = needFabric(vault, request);
  const { container: name = '' } = request.params;
  if (sameResource(fabric.containerId, `${fabric.id}/replicationProtectionContainers/${name}`))
    return fabric;
  throw notFound(request, `replicationProtectionContainers/${name}`);
}

function needItem(vault: Vault, request: WireRequest): ProtectedItem {
  const { containerId } = needContainer(vault, request);
  const { item: name = '' } = request.params;
  const found = vault.items.get(canonicalId(itemId({ containerId, name })));
  if (found !== undefined) return found;
  throw notFound(request, `replicationProtectedItems/${name}`);
}

function needPlan(vault: Vault, request: WireRequest): RecoveryPlan {
  const { plan: name = '' } = request.params;
  const found = vault.plans.get(name.toLowerCase());
  if (found !== undefined) return found;
  throw notFound(request, `replicationRecoveryPlans/${name}`);
}

function notFound({ params }: WireRequest, what: string): Refusal {
  const vault = `Microsoft.RecoveryServices/vaults/${params['vault'] ?? ''}`;
  return new Refusal(resourceNotFound(`${vault}/${what}`, params['group'] ?? ''));
}

function one(body: JsonObject): WireResponse {
  return { status: 200, body };
}

function list(value: readonly JsonObject[]): WireResponse {
  return { status: 200, body: { value, nextLink: null } };
}
