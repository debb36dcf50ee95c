import { alertRoutes } from './alerts.ts';
import { commandRoutes } from './commands.ts';
import { drillRoutes } from './drills.ts';
import { executionRoutes } from './executions.ts';
import { healthRoutes } from './health.ts';
import type { Route } from './http/route.ts';
import { openApiRoute } from './openapi.ts';
import { planRoutes } from './plans.ts';
import { watchRoutes } from './watch.ts';

/** The whole HTTP API. */
export const ROUTES: readonly Route[] = [
  ...planRoutes,
  ...executionRoutes,
  ...drillRoutes,
  ...commandRoutes,
  ...alertRoutes,
  ...watchRoutes,
  ...healthRoutes,
  openApiRoute(() => ROUTES),
];
