import { instant, secondsBetween } from '../core/clock.ts';
import type { Instant } from '../core/clock.ts';
import { AzureError } from '../azure/errors.ts';
import { messageOf } from '../core/errors.ts';
import type { Plan } from '../plan/plan.ts';
import { lagSources } from '../plan/lag.ts';
import type { Deps } from './deps.ts';

/** How far the geo-secondary lags behind, seconds. https://learn.microsoft.com/azure/azure-sql/database/active-geo-replication-overview */
const LAG_METRIC = {
  namespace: 'Microsoft.Sql/servers/databases',
  name: 'replication_lag_seconds',
  aggregation: 'Maximum',
} as const;

/** Azure Monitor is a minute or two behind. An older value than this is the last one of a side that went silent. */
const FRESH_SECONDS = 240;

/**
 * Samples every plan's replication lag while all is well: of a dead primary there is no metric, and what may be lost
 * at the switch is the last sample plus its age. Never throws: a minute without a sample only makes the last one older.
 */
export async function sampleLag(
  deps: Pick<Deps, 'azure' | 'clock' | 'log' | 'planStates'>,
  plans: readonly Plan[],
): Promise<void> {
  try {
    await sample(deps, plans);
  } catch (error) {
    const message = `The replication lag was not sampled: ${messageOf(error)}. The next minute tries again; until then what may be lost counts from the last sample.`;
    deps.log({ level: 'error', message });
  }
}

/** All plans' databases are asked for together; what cannot be kept of one plan does not keep the others from it. */
async function sample(
  deps: Pick<Deps, 'azure' | 'clock' | 'planStates'>,
  plans: readonly Plan[],
): Promise<void> {
  const actives = await deps.planStates.actives();
  const watched = plans.map((plan) => ({
    plan: plan.name,
    databases: lagSources(plan, actives.get(plan.name) ?? plan.home),
  }));
  const all = [...new Set(watched.flatMap(({ databases }) => databases))];
  if (all.length === 0) return;
  const samples = await latest(deps, all);
  const now = instant(deps.clock.now());
  const kept = await Promise.allSettled(
    watched
      .filter(({ databases }) => databases.length > 0)
      .map(({ plan, databases }) => {
        const found = databases.map((database) => samples.get(database));
        const lag = worst(found);
        const fresh = lag !== null && secondsBetween(lag.at, now) <= FRESH_SECONDS;
        return deps.planStates.recordLag(plan, fresh ? lag : null, now);
      }),
  );
  const failed = kept.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

type Samples = Awaited<ReturnType<Deps['azure']['metrics']['latest']>>;

/** Together; and when that fails, one by one: one plan's missing right must not blind the others. */
async function latest(deps: Pick<Deps, 'azure'>, databases: readonly string[]): Promise<Samples> {
  try {
    return await deps.azure.metrics.latest(databases, LAG_METRIC);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const each = await Promise.allSettled(
      databases.map((database) => deps.azure.metrics.latest([database], LAG_METRIC)),
    );
    return new Map(each.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : [])));
  }
}

/** The largest lag at the age of the oldest sample; null when any database has none. */
function worst(
  samples: readonly ({ readonly value: number; readonly at: Instant } | undefined)[],
): { seconds: number; at: Instant } | null {
  let seconds = 0;
  let at: Instant = '';
  for (const sample of samples) {
    if (sample === undefined) return null;
    seconds = Math.max(seconds, sample.value);
    at = at === '' || sample.at < at ? sample.at : at;
  }
  return at === '' ? null : { seconds, at };
}
