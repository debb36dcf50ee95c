import { resourceName } from '../../../src/core/resource-id.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { Refusal, errorResponse } from '../errors.ts';
import type { WireRequest, WireResponse } from '../service.ts';
import { perform } from './actions.ts';
import type { Action, Site, Target } from './actions.ts';
import { changePointTasks, commitTasks } from './commit.ts';
import { itemFailoverTasks, planFailoverTasks } from './failover.ts';
import { failoverDetails, testFailoverDetails } from './job-wire.ts';
import { CHANGE_POINT, COMMIT, FAILOVER, TEST_FAILOVER, TEST_FAILOVER_CLEANUP } from './kinds.ts';
import type { FailoverDirection } from './requests.ts';
import {
  changePointBody,
  itemFailoverBody,
  parseBody,
  planFailoverBody,
  testFailoverBody,
} from './requests.ts';
import { testFailoverCleanupTasks, testFailoverTasks } from './test-failover.ts';
import { fabricOf } from './vault.ts';
import type { Vault } from './vault.ts';

/** A POST on an item or a plan, and what Location answers once it is through. */
export interface Post {
  readonly site: Site;
  readonly vault: Vault;
  readonly request: WireRequest;
  readonly target: Target;
  readonly result: () => WireResponse;
}

const NO_DETAILS: JsonObject = { instanceType: 'AsrJobDetails' };

export function failOverItem(post: Post): WireResponse {
  const { properties } = parseBody(itemFailoverBody, post.request.body);
  checkDirection(post, properties.failoverDirection);
  const shutDownSource = properties.sourceSiteOperations === 'Required';
  const { recoveryPointId } = properties.providerSpecificDetails;
  const point =
    recoveryPointId === null || recoveryPointId === undefined
      ? ('Latest' as const)
      : { name: resourceName(recoveryPointId) };
  return send(post, {
    kind: FAILOVER,
    tasks: (groups) =>
      groups
        .flat()
        .flatMap((subject) => itemFailoverTasks(post.site, { ...subject, shutDownSource, point })),
    details: failoverDetails,
  });
}

export function failOverPlan(post: Post): WireResponse {
  const { properties } = parseBody(planFailoverBody, post.request.body);
  checkDirection(post, properties.failoverDirection);
  const shutDownSource = properties.sourceSiteOperations === 'Required';
  const wanted = properties.providerSpecificDetails[0]?.recoveryPointType ?? 'Latest';
  // All points are crash-consistent here.
  const point = wanted === 'Latest' ? 'Latest' : 'LatestProcessed';
  return send(post, {
    kind: FAILOVER,
    tasks: (groups) =>
      planFailoverTasks(
        post.site,
        groups.map((group) => group.map((subject) => ({ ...subject, shutDownSource, point }))),
      ),
    details: failoverDetails,
  });
}

export function commit(post: Post): WireResponse {
  return send(post, {
    kind: COMMIT,
    tasks: (groups) => commitTasks(post.site.world, groups.flat()),
    details: () => NO_DETAILS,
  });
}

export function changePoint(post: Post): WireResponse {
  const { recoveryPointId } = parseBody(changePointBody, post.request.body).properties;
  return send(post, {
    kind: CHANGE_POINT,
    tasks: (groups) =>
      groups
        .flat()
        .flatMap((subject) => changePointTasks(post.site, subject, resourceName(recoveryPointId))),
    details: () => NO_DETAILS,
  });
}

export function testFailOver(post: Post): WireResponse {
  const { properties } = parseBody(testFailoverBody, post.request.body);
  checkDirection(post, properties.failoverDirection);
  const { networkId = null } = properties;
  return send(post, {
    kind: TEST_FAILOVER,
    tasks: (groups) => testFailoverTasks(post.site, groups.flat(), networkId),
    details: (subjects) => testFailoverDetails(subjects, networkId),
  });
}

export function cleanUpTestFailover(post: Post): WireResponse {
  return send(post, {
    kind: TEST_FAILOVER_CLEANUP,
    tasks: (groups) => testFailoverCleanupTasks(post.site, groups.flat()),
    details: () => NO_DETAILS,
  });
}

/** Azure-to-Azure has none: no item ever allows it. */
export function failOverPlanned(post: Post): WireResponse {
  return send(post, {
    kind: { ...FAILOVER, operation: 'PlannedFailover', scenario: 'PlannedFailover' },
    tasks: () => [],
    details: () => NO_DETAILS,
  });
}

/**
 * Items always lead from primary to recovery, on the way back too, as recorded. A plan whose items have turned round
 * leads from recovery to primary.
 */
function checkDirection({ vault, target }: Post, given: FailoverDirection): void {
  const { plan, groups } = target;
  const turned = groups
    .flat()
    .some(({ containerId }) => fabricOf(vault, containerId).id === plan?.recoveryFabricId);
  const right = turned ? 'RecoveryToPrimary' : 'PrimaryToRecovery';
  if (given === right) return;
  throw new Refusal(
    errorResponse(400, '506', `${target.name} fails over ${right} now, not ${given}.`),
  );
}

export function send(post: Post, action: Pick<Action, 'kind' | 'tasks' | 'details'>): WireResponse {
  const { site, vault, request, target, result } = post;
  return perform(site, vault, request, { ...action, target, result });
}
