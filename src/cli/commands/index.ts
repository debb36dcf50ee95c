import type { AnyCommand } from '../command.ts';
import { alerts } from './alerts.ts';
import { drill } from './drill.ts';
import { drills } from './drills.ts';
import { evidenceShow, evidenceVerify } from './evidence.ts';
import { executions, executionShow, executionWatch } from './executions.ts';
import { orders } from './orders.ts';
import { planDescribe } from './plan-describe.ts';
import { planDiff } from './plan-diff.ts';
import { planHistory } from './plan-history.ts';
import { planPermissions } from './plan-permissions.ts';
import { planPull } from './plan-pull.ts';
import { planPush } from './plan-push.ts';
import { planReadiness } from './plan-readiness.ts';
import { planRetire } from './plan-retire.ts';
import { planValidate } from './plan-validate.ts';
import { planShow, plans } from './plans.ts';
import { planCooldown, planWatch } from './watch.ts';
import { hold } from './hold.ts';
import { failback, failover } from './start.ts';

/** Every command, in the order in which help lists them. */
export const commands: readonly AnyCommand[] = [
  plans,
  planShow,
  planReadiness,
  planValidate,
  planDescribe,
  planPermissions,
  planPush,
  planPull,
  planDiff,
  planHistory,
  planRetire,
  planWatch,
  planCooldown,
  failover,
  failback,
  drill,
  drills,
  executions,
  executionShow,
  executionWatch,
  ...orders,
  hold,
  alerts,
  evidenceShow,
  evidenceVerify,
];
