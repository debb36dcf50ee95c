import { createAzureIdentities } from './azure/identities.ts';
import { newExecutionId } from './core/execution-id.ts';
import { accessOf } from './functions/access/trust.ts';
import { doorOf } from './functions/durable-door.ts';
import { createLimits } from './functions/http/limits.ts';
import { registerRoutes } from './functions/register.ts';
import { createAlertMatcher } from './health/match-alert.ts';
import { readSignals } from './health/signals/read.ts';
import { holdDrills } from './orchestration/drill/hold.ts';
import { sampleLag } from './orchestration/lag.ts';
import { deliverNotices } from './orchestration/notices/deliver.ts';
import { saidExecutions } from './orchestration/notices/say.ts';
import { createPinnedPlans } from './orchestration/pinned.ts';
import { forgetAlerts } from './orchestration/receive-alert.ts';
import { reap } from './orchestration/reaper.ts';
import { askReadiness } from './orchestration/readiness/ask.ts';
import { tellOfBroken } from './orchestration/readiness/broken.ts';
import type { ReadinessDeps } from './orchestration/readiness/deps.ts';
import { keepReadiness } from './orchestration/readiness/keep.ts';
import { registerOrchestration, registerTimer } from './orchestration/register.ts';
import type { StartDeps } from './orchestration/start/order.ts';
import type { WatchDeps } from './orchestration/watch/deps.ts';
import { evaluatePlans, tick } from './orchestration/watch/tick.ts';
import { rememberedLastMoment } from './plan/calendar.ts';
import { createPlanFacts } from './plan/facts.ts';
import type { Platform } from './platform.ts';
import { createAlerts } from './records/alerts.ts';
import { createDeployedPlans } from './records/deployed-plans.ts';
import { createDrills } from './records/drills.ts';
import { createEndedExecutions } from './records/ended.ts';
import { createExecutions } from './records/executions.ts';
import { createIdempotency } from './records/idempotency.ts';
import { createLocks } from './records/locks.ts';
import { createOutbox } from './records/outbox.ts';
import { createPlanStates } from './records/plan-state.ts';
import { createReadinessRecords } from './records/readiness.ts';
import { createAlertDoors } from './root/alerts.ts';
import { createRestraints } from './records/restraints.ts';
import { createDeploymentDoors, createPackageDoors } from './root/deployed-plans.ts';
import { deployedSource } from './root/deployed-source.ts';
import { createDrillDoors } from './root/drills.ts';
import { createExecutionDoors } from './root/executions.ts';
import { createCatalogue } from './root/plans.ts';
import { createWatchDoors } from './root/watch.ts';
import { createWatchStates } from './records/watch-states.ts';
import { createReadinessDoor } from './root/readiness.ts';
import { showStanding } from './root/standing.ts';
import { observed } from './root/telemetry.ts';
import { stepKinds } from './steps/registry.ts';
import { IN_BLOBS } from './settings.ts';
import { VERSION } from './version.ts';

const EVERY_MINUTE = '0 * * * * *';
const EVERY_15_SECONDS = '*/15 * * * * *';
const EVERY_HOUR = '0 17 * * * *';
const EVERY_HALF_MINUTE = '*/30 * * * * *';

/** The composition root: puts the rooms together on a platform and tells the host what there is. */
export function registerApp(platform: Platform): void {
  const { clock, random, log, http, probes, dns, settings, tables, blobs } = platform;
  const seen = observed(platform);
  const executions = seen.executions(saidExecutions(createExecutions(tables, blobs), platform));
  const locks = createLocks(tables);
  const planStates = createPlanStates(tables);
  const deployed =
    settings.SWITCHOVER_PLANS === IN_BLOBS ? createDeployedPlans(tables, blobs) : null;
  const source = deployed === null ? platform.plans : deployedSource(deployed, clock);
  const catalogue = createCatalogue({ source, deployed, states: planStates, locks });
  const outbox = seen.outbox(createOutbox(tables));
  const azureAs = createAzureIdentities({ settings, http: seen.azure(http), clock, random, log });
  const deps: StartDeps = {
    clock,
    random,
    log,
    http: probes,
    dns,
    blobs,
    executions,
    secret: platform.secrets,
    publicResolvers: settings.SWITCHOVER_PUBLIC_RESOLVERS.split(',').map((one) => one.trim()),
    azure: azureAs('watch'),
    azureAs,
    locks,
    planStates,
    drills: createDrills(tables),
    ended: createEndedExecutions(tables),
    restraints: createRestraints(tables),
    outbox,
    notificationsOf: (plan) => catalogue.notificationsOf(plan),
    newestVersion: (plan) => catalogue.newestVersion(plan),
    pinned: createPinnedPlans(executions),
    idempotency: createIdempotency(tables),
    newId: () => newExecutionId(clock.now(), random),
  };
  const alerts = seen.alerts(createAlerts(tables));
  const facts = createPlanFacts(stepKinds);
  const readiness: ReadinessDeps = {
    ...deps,
    alerts,
    readiness: seen.readiness(createReadinessRecords(tables)),
    facts,
    region: settings.SWITCHOVER_REGION ?? null,
  };
  const watchDeps: WatchDeps = {
    ...deps,
    watchStates: createWatchStates(tables),
    facts,
    readSignals: (wanted) => readSignals({ ...deps, alerts }, wanted),
    onlooker: seen.onlooker,
    // As it is now: what was ready half an hour ago may have gone down with the rest.
    readiness: async (plan) => (await askReadiness(readiness, plan, true)).otherSite,
  };

  const access = accessOf(settings);
  if (access.by === 'nobody') log({ level: 'error', message: access.why });
  registerRoutes({
    access,
    limits: createLimits(clock),
    plans: {
      ...catalogue.doors,
      ...(deployed === null
        ? createPackageDoors(settings.SWITCHOVER_PLANS)
        : createDeploymentDoors({ ...readiness, deployed, plans: () => catalogue.all() })),
    },
    executions: createExecutionDoors(deps, catalogue),
    alerts: createAlertDoors(
      {
        clock,
        alerts,
        matches: createAlertMatcher(),
        look: (plans, door) => evaluatePlans(watchDeps, plans, door),
        explanations: (plan) => watchDeps.watchStates.explanations(plan),
      },
      catalogue,
    ),
    watching: createWatchDoors(watchDeps, catalogue),
    readiness: createReadinessDoor(readiness, catalogue),
    drills: createDrillDoors(deps, catalogue),
    health: async () => ({ status: await storeAnswers(deps), version: VERSION }),
  });
  registerOrchestration(deps);
  registerTimer('lag-sample', EVERY_MINUTE, async () => sampleLag(deps, await catalogue.all()));
  registerTimer('notices', EVERY_15_SECONDS, () =>
    deliverNotices({ clock, random, log, http, outbox, executions, webhooks: settings.webhooks }),
  );
  registerTimer('forget-alerts', EVERY_HOUR, async () => forgetAlerts({ clock, alerts }));
  registerTimer('readiness', EVERY_MINUTE, async () => {
    await tellOfBroken(readiness, await catalogue.broken());
    await keepReadiness(readiness, await catalogue.all());
  });
  registerTimer('watch', EVERY_HALF_MINUTE, async (context) =>
    tick(watchDeps, await catalogue.all(), doorOf(context)),
  );
  const drillDeps = { ...watchDeps, lastMoment: rememberedLastMoment() };
  registerTimer('drill-calendar', EVERY_MINUTE, async (context) =>
    holdDrills(drillDeps, await catalogue.all(), doorOf(context)),
  );
  registerTimer('reaper', EVERY_MINUTE, async (context) => reap(deps, doorOf(context)));
  const { telemetry } = seen;
  if (telemetry === null) return;
  registerTimer('telemetry', EVERY_MINUTE, async () =>
    showStanding({ ...deps, telemetry }, await catalogue.all()),
  );
}

async function storeAnswers(deps: StartDeps): Promise<'up' | 'down'> {
  try {
    await deps.locks.held();
    return 'up';
  } catch {
    return 'down';
  }
}
