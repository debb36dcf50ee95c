import type { Route, WireResponse } from '../service.ts';
import { resourceNotFound } from '../errors.ts';
import type { Target } from './actions.ts';
import * as commands from './commands.ts';
import type { Post } from './commands.ts';
import { containerJson } from './fabric-wire.ts';
import { itemJson } from './item-wire.ts';
import { jobJson } from './job-wire.ts';
import {
  cancelPlan,
  launch,
  needOperation,
  operationResult,
  operationStatus,
} from './operations.ts';
import { planJson } from './plan-wire.ts';
import { savePlan } from './plan-save.ts';
import { vaultReads } from './reads.ts';
import { reprotectPlan, switchProtection } from './reversal.ts';
import { itemTarget, planTarget } from './targets.ts';
import {
  CONTAINER,
  ITEM,
  JOB,
  PLAN,
  VAULT,
  findVault,
  needContainer,
  needItem,
  needPlan,
  one,
} from './visit.ts';
import type { Handler, RouteParts, Visit } from './visit.ts';

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
    ...vaultReads().map(([path, handle]) => route('GET', path, 'get', handle)),
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
