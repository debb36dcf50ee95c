import type { AnyCommand } from '../command.ts';
import { alerts } from './alerts.ts';
import { drill } from './drill.ts';
import { drills } from './drills.ts';
import { evidenceShow, evidenceVerify } from './evidence.ts';
import { executions, executionShow, executionWatch } from './executions.ts';
import { orders } from './orders.ts';
import { planDescribe } from './plan-describe.ts';
import { planPermissions } from './plan-permissions.ts';
import { planReadiness } from './plan-readiness.ts';
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
