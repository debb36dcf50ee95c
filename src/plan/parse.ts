import { check } from './complaints.ts';
import type { Checked } from './complaints.ts';
import { drillComplaints } from './rehearsal.ts';
import { fencingComplaints } from './fencing.ts';
import type { PlanKinds } from './kinds.ts';
import { closeLagSource, databaseComplaints } from './lag.ts';
import { misplacedTemplates } from './misplaced.ts';
import { piecesOf } from './pieces.ts';
import type { Plan, Stage } from './plan.ts';
import type { PlanProblem } from './problem.ts';
import type { Result } from './result.ts';
import { readyPieces, siteComplaints } from './sites.ts';
import { signalComplaints } from './signals.ts';
import { settingsComplaints, stepComplaints } from './steps.ts';
import { writtenPlan } from './written.ts';
import type { WrittenPlan } from './written.ts';
import { readYaml } from './yaml.ts';

/** Reads a plan file. Says everything that is wrong with it, not the first thing only. */
export function parsePlan(
  file: string,
  text: string,
  kinds: PlanKinds,
): Result<Plan, readonly PlanProblem[]> {
  const yaml = readYaml(file, text);
  if (yaml.problems.length > 0) return { ok: false, error: yaml.problems };

  const whole: Checked<WrittenPlan> = check(writtenPlan, yaml.value);
  const pieces = piecesOf(yaml.value);
  const ready = readyPieces(pieces);
  const complaints = [
    ...(whole.ok ? [] : whole.complaints),
    ...siteComplaints(pieces),
    ...misplacedTemplates(yaml.value),
    ...stepComplaints(pieces, kinds),
    ...drillComplaints(pieces, kinds),
    ...(ready === null
      ? []
      : [
          ...fencingComplaints(ready),
          ...databaseComplaints(ready),
          ...signalComplaints(ready),
          ...settingsComplaints(ready, kinds),
        ]),
  ];
  if (whole.ok && complaints.length === 0) return { ok: true, value: asPlan(whole.value) };
  return { ok: false, error: complaints.map(yaml.locate).toSorted(byPlace) };
}

function byPlace(left: PlanProblem, right: PlanProblem): number {
  return left.line - right.line || left.column - right.column;
}

function asPlan(written: WrittenPlan): Plan {
  const { detection, fencing } = written;
  return {
    name: written.name,
    description: written.description,
    home: written.home,
    sites: Object.fromEntries(
      Object.entries(written.sites).map(([name, site]) => [name, { name, ...site }]),
    ),
    objectives: { rtoSeconds: written.objectives.rto, rpoSeconds: written.objectives.rpo },
    dataLoss: {
      limitSeconds: written.dataLoss.limit,
      databases: written.dataLoss.databases.map((source) => closeLagSource(source, written.sites)),
    },
    fencing,
    publicUrl: written.publicUrl,
    detection: {
      // Traffic Manager, at worst: every tolerated failure and one more, the last of them by time-out.
      worstCaseSeconds: (detection.tolerated + 1) * detection.interval + detection.timeout,
    },
    dnsTtlSeconds: written.dnsTtl,
    ...(written.watch === undefined ? {} : { watch: written.watch }),
    stages: stagesOf(written.stages),
    ...(written.failback === undefined
      ? {}
      : { failbackStages: stagesOf(written.failback.stages) }),
    ...(written.drills === undefined ? {} : { drills: written.drills }),
    ...(written.rehearsal === undefined
      ? {}
      : { rehearsalStages: stagesOf(written.rehearsal.stages) }),
    approvals: {
      count: written.approvals.count,
      expiresSeconds: written.approvals.expires,
      onExpiry: written.approvals.onExpiry,
    },
    reminderSeconds: written.reminder,
    ...(written.notifications === undefined ? {} : { notifications: written.notifications }),
  };
}

function stagesOf(stages: WrittenPlan['stages']): Stage[] {
  return stages.map(({ name, steps }) => ({
    name,
    steps: steps.map(({ timeout, retry, ...step }) => ({
      ...step,
      timeoutSeconds: timeout,
      retry: {
        attempts: retry.attempts,
        firstDelaySeconds: retry.firstDelay,
        factor: retry.factor,
      },
    })),
  }));
}
