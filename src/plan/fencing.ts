import { z } from 'zod';
import { SwitchoverError } from '../core/errors.ts';
import { complaintsBothWays } from './both-ways.ts';
import { check } from './complaints.ts';
import type { Checked } from './complaints.ts';
import { journeys } from './journey.ts';
import type { Journey } from './journey.ts';
import type { FencingRule, Plan } from './plan.ts';
import { formatPath } from './problem.ts';
import type { Complaint, Path } from './problem.ts';
import { journeyScope } from './scope.ts';
import type { Place } from './scope.ts';
import type { ReadyPieces } from './sites.ts';
import { substitute } from './template.ts';

/** A plan's fencing rule for one direction: nothing open, machines always a list. */
export interface ResolvedFencing {
  readonly presumed: 'accept' | 'ask';
  readonly machines: readonly string[];
  readonly probeUrl?: string;
  readonly trafficManager?: { readonly profile: string; readonly endpoint: string };
}

const closed = z.strictObject({
  presumed: z.enum(['accept', 'ask']),
  machines: z.union([z.array(z.string()), z.string().transform((machine) => [machine])]),
  probeUrl: z.url().exactOptional(),
  trafficManager: z.strictObject({ profile: z.string(), endpoint: z.string() }).exactOptional(),
});

export function resolveFencing(plan: Plan, journey: Journey): ResolvedFencing {
  const resolved = close(plan.fencing, plan.sites, journey);
  if (resolved.ok) return resolved.value;
  const [first] = resolved.complaints;
  throw new SwitchoverError(
    'PLAN_INVALID',
    `Plan ${plan.name} cannot be run from ${journey.from} to ${journey.to}: ` +
      `${formatPath(first?.path ?? [])}: ${first?.message ?? 'unknown'}. Validate the plan.`,
  );
}

export function fencingComplaints({ home, sites, fencing }: ReadyPieces): Complaint[] {
  if (fencing === null) return [];
  return complaintsBothWays(journeys({ home, sites }), (journey) => {
    const resolved = close(fencing, sites, journey);
    return resolved.ok ? [] : resolved.complaints;
  });
}

function close(
  rule: FencingRule,
  sites: Readonly<Record<string, Place>>,
  journey: Journey,
): Checked<ResolvedFencing> {
  const path: Path = ['fencing'];
  const { value, complaints } = substitute({ ...rule }, journeyScope(sites, journey), path);
  return complaints.length > 0 ? { ok: false, complaints } : check(closed, value, path);
}
