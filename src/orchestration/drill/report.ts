import { counted } from '../../core/counted.ts';
import { executionWords } from '../../core/execution.ts';
import type { DrillLevel } from '../../core/execution.ts';
import type { EventData } from '../../core/events.ts';
import type { Finding } from '../../core/finding.ts';
import { lintPlan } from '../../plan/lint.ts';
import { stepKinds } from '../../steps/registry.ts';
import { checkSteps } from '../checks.ts';
import type { Subject } from '../checks.ts';
import { begin } from '../execution/approval.ts';
import { subjectOf } from '../execution/draft.ts';
import type { Draft } from '../execution/draft.ts';
import { end } from '../execution/end.ts';
import { foresee } from './foresee.ts';
import type { StepChange } from './foresee.ts';
import { checkLocks } from './locks.ts';
import { proveWhatServes } from './proofs.ts';
import { checkQuotas } from './quotas.ts';
import { checkRights } from './rights.ts';

/**
 * The whole of a drill that only reads: it looks, reports, and ends. Nothing of it can be half done, so it is never
 * paused and never undone; a crash in between only means looking again.
 */
export async function reportDrill(draft: Draft): Promise<void> {
  const subject = subjectOf(draft);
  const { level = 'validate' } = subject.header;
  const { findings, changes } = await lookWithoutTouching(subject, level);
  const problems = findings.filter(({ severity }) => severity === 'critical');
  const report = await bounded(draft, { level, findings, changes });
  begin(draft);
  draft.patch(
    { problems: problems.map(({ resource, problem }) => `${resource}: ${problem}`) },
    { type: 'drill-reported', data: report },
  );
  sayWhatWouldBeDone(draft, changes);
  end(draft, problems.length === 0 ? 'succeeded' : 'failed', outcomeOf(subject, findings, changes));
}

interface Seen {
  readonly findings: readonly Finding[];
  readonly changes: readonly StepChange[];
}

async function lookWithoutTouching(subject: Subject, level: DrillLevel): Promise<Seen> {
  const { findings: linted } = lintPlan(subject.plan.plan, stepKinds);
  const [checked, proven] = await Promise.all([checkSteps(subject), proveWhatServes(subject)]);
  if (level === 'validate')
    return { findings: distinct([...checked, ...proven, ...linted]), changes: [] };
  const [foresight, rights, locks] = await Promise.all([
    foresee(subject),
    checkRights(subject),
    checkLocks(subject),
  ]);
  const machines = foresight.changes.flatMap(({ machine }) => machine ?? []);
  const quotas = await checkQuotas(subject.deps, machines);
  return {
    findings: distinct([
      ...[...checked, ...proven, ...foresight.findings],
      ...[...rights, ...locks, ...quotas, ...linted],
    ]),
    changes: foresight.changes,
  };
}

/** Several steps look at the same profile or vault, and say the same of it. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [
    ...new Map(
      findings.map((finding) => [`${finding.resource} ${finding.problem}`, finding]),
    ).values(),
  ];
}

/** What one row of the records takes with ease; a plan of hundreds of machines says more. */
const MOST_FINDINGS = 200;
const MOST_CHANGES = 500;

/** The report as an event. When it is too long for one, all of it is kept in a document beside. */
async function bounded(
  draft: Draft,
  { level, findings, changes }: Seen & { readonly level: DrillLevel },
): Promise<EventData<'drill-reported'>> {
  // The worst first: they are never cut off.
  const sorted = [...findings].sort((a, b) => rank(a) - rank(b));
  const plain = changes.map(({ step, resource, now, then }) => ({ step, resource, now, then }));
  const report = {
    level,
    findings: sorted.slice(0, MOST_FINDINGS),
    changes: plain.slice(0, MOST_CHANGES),
  };
  const cut = {
    findings: sorted.length - report.findings.length,
    changes: plain.length - report.changes.length,
  };
  if (cut.findings + cut.changes === 0) return report;
  const whole = `${draft.header().id}/drill.json`;
  const text = JSON.stringify({ level, findings: sorted, changes: plain }, null, 2);
  await draft.deps.blobs.put('executions', whole, text, 'application/json');
  return { ...report, cut: { ...cut, whole } };
}

const SEVERITIES: readonly Finding['severity'][] = ['critical', 'warning', 'info'];

function rank({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

function sayWhatWouldBeDone(draft: Draft, changes: readonly StepChange[]): void {
  for (const { id, bound } of draft.plan.stages.flatMap(({ steps }) => steps)) {
    const count = changes.filter(({ step }) => step === id).length;
    const would = bound.describe(draft.header());
    const sentence =
      count === 0 ? `Not done: ${would}` : `Not done; ${count} would change: ${would}`;
    draft.patchStep(id, { state: 'skipped', sentence, endedAt: draft.now });
  }
}

function outcomeOf(
  { header }: Subject,
  findings: readonly Finding[],
  changes: readonly StepChange[],
): string {
  const critical = findings.filter(({ severity }) => severity === 'critical');
  const way = `from ${header.from} to ${header.to}`;
  const would =
    header.level === 'dry-run' ? ` ${counted(changes.length, 'resource')} would change.` : '';
  if (critical.length === 0)
    return `The ${executionWords(header)} found nothing that would stop a failover ${way}.${would}`;
  const first = critical
    .slice(0, 3)
    .map(({ problem, resource }) => `${resource}: ${problem.replace(/\.+$/, '')}`)
    .join('; ');
  const more = critical.length > 3 ? `; and ${critical.length - 3} more` : '';
  return `The ${executionWords(header)} found ${counted(critical.length, 'thing')} that would stop a failover ${way}: ${first}${more}.${would}`;
}
