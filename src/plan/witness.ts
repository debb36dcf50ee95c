import type { Finding } from '../core/finding.ts';
import type { Plan } from './plan.ts';

/** Switchover must not live where it may have to leave from or go to: the region's loss would take it along. */
export function witnessFindings(plan: Plan, region: string): readonly Finding[] {
  const here = normal(region);
  return Object.values(plan.sites)
    .filter((site) => normal(site.region) === here)
    .map((site) => ({
      severity: 'critical',
      resource: plan.name,
      problem: `Switchover runs in ${region}, the region of site "${site.name}": the region's loss takes it along.`,
      remedy: "Deploy Switchover to a third region, neither of the plan's sites.",
    }));
}

/** Azure gives regions both as `eastus` and as `East US`. */
function normal(region: string): string {
  return region.toLowerCase().replaceAll(' ', '');
}
