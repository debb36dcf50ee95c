import type { Plan } from './plan.ts';

/** Why the application cannot be moved there and back again in one go; null when it can. */
export function whyNoLiveDrill(plan: Plan): string | null {
  const stages = [...plan.stages, ...(plan.failbackStages ?? [])];
  const machines = stages
    .flatMap(({ steps }) => steps)
    .find(({ uses }) => uses === 'site-recovery/failover');
  return machines === undefined
    ? null
    : `machines that have failed over (step ${machines.id}) must be reprotected, which takes hours, before they can fail back, and no step does that yet`;
}
