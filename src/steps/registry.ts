import type { JsonObject } from '../core/json.ts';
import { azureRest } from './azure-rest/index.ts';
import { bindStep } from './bound.ts';
import type { BoundStep } from './bound.ts';
import { controlApproval } from './control-approval/index.ts';
import { controlWait } from './control-wait/index.ts';
import { customWebhook } from './custom-webhook/index.ts';
import { erased } from './erased.ts';
import type { AnyStepKind } from './erased.ts';
import { networkPublicIp } from './network-public-ip/index.ts';
import { siteRecoveryCommit } from './site-recovery-commit/index.ts';
import { siteRecoveryFailover } from './site-recovery-failover/index.ts';
import { siteRecoveryTestFailover } from './site-recovery-test-failover/index.ts';
import { sqlFailoverGroup } from './sql-failover-group/index.ts';
import { trafficManagerSwitch } from './traffic-manager-switch/index.ts';
import { validateDns } from './validate-dns/index.ts';
import { validateHttp } from './validate-http/index.ts';
import { validateSql } from './validate-sql/index.ts';
import { vmStart } from './vm-start/index.ts';
import { vmStop } from './vm-stop/index.ts';

/** Every kind of step that a plan may use. */
export const stepKinds: readonly AnyStepKind[] = [
  erased(azureRest),
  erased(controlApproval),
  erased(controlWait),
  erased(customWebhook),
  erased(networkPublicIp),
  erased(siteRecoveryCommit),
  erased(siteRecoveryFailover),
  erased(siteRecoveryTestFailover),
  erased(sqlFailoverGroup),
  erased(trafficManagerSwitch),
  erased(validateDns),
  erased(validateHttp),
  erased(validateSql),
  erased(vmStart),
  erased(vmStop),
];

/** Null when there is no such kind. */
export function stepKind(uses: string): AnyStepKind | null {
  return stepKinds.find((kind) => kind.uses === uses) ?? null;
}

/** For steps of plans that were checked when they were loaded: an unknown kind is a bug. */
export function bindByName(uses: string, raw: JsonObject): BoundStep {
  const kind = stepKind(uses);
  if (kind === null) throw new Error(`There is no step kind ${uses}.`);
  return bindStep(kind, raw);
}
