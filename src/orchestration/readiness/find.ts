import type { Mode } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import type { Look } from '../../health/look.ts';
import { readSignals } from '../../health/signals/read.ts';
import type { Journey } from '../../plan/journey.ts';
import { lagSources } from '../../plan/lag.ts';
import type { Plan } from '../../plan/plan.ts';
import { resolveSignals } from '../../plan/signals.ts';
import type { WatchedSignal } from '../../plan/signals.ts';
import { checkSteps } from '../checks.ts';
import { checkLocks } from '../drill/locks.ts';
import { checkRights } from '../drill/rights.ts';
import type { ReadinessDeps } from './deps.ts';
import { imagined } from './subject.ts';

/** What such a run would meet: by its steps' own word, by rights that are missing, by locks on what it changes. */
export async function runFindings(
  deps: ReadinessDeps,
  plan: Plan,
  run: Journey & { readonly mode: Mode },
): Promise<readonly Finding[]> {
  const subject = imagined(deps, plan, run);
  const found = await Promise.all([checkSteps(subject), checkRights(subject), checkLocks(subject)]);
  return found.flat();
}

/** Without a sample of the lag, what a forced failover would lose is not known, and somebody has to be asked. */
export async function lagFindings(
  { planStates }: Pick<ReadinessDeps, 'planStates'>,
  plan: Plan,
  { from }: Journey,
): Promise<readonly Finding[]> {
  const [database] = lagSources(plan, from);
  if (database === undefined) return [];
  const lag = await planStates.lag(plan.name);
  if (lag?.sampledAt != null && lag.missingSince === null) return [];
  const since = lag?.missingSince ?? null;
  return [
    {
      severity: 'warning',
      resource: database,
      problem: `has had no sample of its replication lag${since === null ? ' yet' : ` since ${since}`}`,
      remedy:
        "Grant the app's identity Monitoring Reader on it; a database that nobody uses sends samples, too.",
    },
  ];
}

/** What the plan's own signals say: whether the machines and data are replicated, and how a standby that runs is. */
export async function signalFindings(
  deps: ReadinessDeps,
  plan: Plan,
  { from, to }: Journey,
): Promise<readonly Finding[]> {
  const at = (site: string, wants: (one: WatchedSignal) => boolean) =>
    resolveSignals(plan, site)
      .filter(wants)
      .map((signal) => ({ plan: plan.name, site, signal }));
  const isCold = plan.sites[to]?.standby === 'cold';
  const looks = await readSignals(deps, [
    ...at(from, ({ uses }) => uses === 'sql' || uses === 'site-recovery'),
    ...(isCold ? [] : at(to, () => true)),
  ]);
  return looks
    .filter(({ judges, site }) => site === to || judges === 'readiness')
    .filter(({ as }) => as === 'bad')
    .map((look) => ofLook(look, to));
}

function ofLook({ signal, site, sees }: Look, to: string): Finding {
  return site === to
    ? {
        severity: 'critical',
        resource: `signal ${signal}`,
        problem: `sees the standby ${site} down: ${sees}`,
        remedy: 'Bring it up: nothing is moved to a side that does not answer.',
      }
    : {
        severity: 'warning',
        resource: `signal ${signal}`,
        problem: `sees that ${to} could not take over in full: ${sees}`,
        remedy: 'Mend the replication before it is needed.',
      };
}
