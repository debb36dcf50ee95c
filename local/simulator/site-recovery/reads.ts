import { sameResource } from '../../../src/core/resource-id.ts';
import { Refusal, errorResponse } from '../errors.ts';
import type { WireRequest, WireResponse } from '../service.ts';
import {
  containerJson,
  fabricJson,
  mappingJson,
  policyJson,
  vaultHealthJson,
} from './fabric-wire.ts';
import { itemJson, pointJson } from './item-wire.ts';
import { jobId, jobJson } from './job-wire.ts';
import { needOperation } from './operations.ts';
import { planJson } from './plan-wire.ts';
import {
  CONTAINER,
  FABRIC,
  ITEM,
  JOB,
  PLAN,
  VAULT,
  list,
  needContainer,
  needFabric,
  needItem,
  needPlan,
  notFound,
  one,
} from './visit.ts';
import type { Handler, Visit } from './visit.ts';

type Read = readonly [path: string, handle: Handler];

/** What can be read of a vault. */
export function vaultReads(): readonly Read[] {
  return READS;
}

const READS: readonly Read[] = [
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
