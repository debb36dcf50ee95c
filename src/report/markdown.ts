import { formatSeconds } from '../core/duration.ts';
import { executionWords } from '../core/execution.ts';
import { versionWords } from '../core/plan-version.ts';
import { drillSections } from './drill-page.ts';
import type { Evidence } from './evidence-schema.ts';
import { list, section, table } from './page.ts';

/** The evidence for reading: what an auditor asks first comes first, the events that prove it last. */
export function renderMarkdown(evidence: Evidence): string {
  const { execution, plan } = evidence;
  const sections = [
    `# ${title(evidence)}`,
    summary(evidence),
    ...(evidence.drill === null ? [] : drillSections(evidence.drill)),
    ...(staysWhereItIs(evidence)
      ? []
      : [
          section('Recovery time', recoveryTime(evidence)),
          section('Data loss', dataLoss(evidence)),
          section('Fencing of the old side', fencing(evidence)),
        ]),
    section('Who decided what', decisions(evidence)),
    section('Steps', steps(evidence)),
    section('Critical path', criticalPath(evidence)),
    section('Calls that changed something', calls(evidence)),
    section('What was undone', list(evidence.undone, 'Nothing.')),
    section('What is left as it is', list(evidence.left, 'Nothing.')),
    section('Timeline', timeline(evidence)),
    section('Proof', proof(evidence)),
    `Execution ${code(execution.id)}, plan ${code(plan.name)}. Times are UTC.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function title({ execution, plan }: Evidence): string {
  const what = executionWords({ ...execution, level: execution.level ?? undefined });
  return `${capital(what)} of ${plan.name}, ${execution.from} to ${execution.to}: ${execution.state}`;
}

/** A drill that moves nothing has no recovery time and loses nothing. */
function staysWhereItIs({ execution: { level } }: Evidence): boolean {
  return level !== null && level !== 'live';
}

function summary({ execution, plan, requestedBy, writtenAt }: Evidence): string {
  return table(
    ['', ''],
    [
      ['Outcome', execution.outcome ?? `none yet: ${execution.state}`],
      ['Reason', execution.reason],
      ['Asked for by', `${requestedBy.name} (${requestedBy.kind}, ${requestedBy.id})`],
      ['First bad observation', execution.firstBadAt ?? 'none before the request'],
      ['Requested', execution.requestedAt],
      ['Application closed', execution.closedAt ?? '—'],
      ['Served again', execution.servedAgainAt ?? 'not seen'],
      ['Ended', execution.endedAt ?? 'not yet'],
      ...(plan.version === undefined ? [] : [['Plan', versionWords(plan.version)]]),
      ['Plan hash (SHA-256)', code(plan.hash)],
      ['Written', writtenAt],
    ],
  );
}

function recoveryTime({ recoveryTime: time }: Evidence): string {
  const total =
    time.totalSeconds === null
      ? `The application was not seen to serve again; the objective is ${formatSeconds(time.objectiveSeconds)}.`
      : `**${formatSeconds(time.totalSeconds)}** against an objective of ${formatSeconds(time.objectiveSeconds)}: ${met(time.met)}.`;
  const phases = time.phases.map((phase) => [
    phase.name,
    phase.from,
    duration(phase.seconds),
    duration(phase.counted),
  ]);
  const between = ['between them', '', '', duration(time.betweenSeconds)];
  const facts = [
    `DNS, from moving traffic to the first good answer: ${duration(time.dnsSeconds)}`,
    `Downtime, from closing the application to the first good answer: ${duration(time.downtimeSeconds)}`,
    `Waited for people: ${formatSeconds(time.waitedForPeopleSeconds)}`,
  ];
  return [
    total,
    table(['Phase', 'From', 'Took', 'Counts'], [...phases, between]),
    list(facts, ''),
  ].join('\n\n');
}

function dataLoss({ recoveryPoint: point }: Evidence): string {
  const stated =
    point.lossSeconds === null
      ? `**Unknown**; the objective is ${formatSeconds(point.objectiveSeconds)}.`
      : `At most **${formatSeconds(point.lossSeconds)}** against an objective of ${formatSeconds(point.objectiveSeconds)}: ${met(point.met)}.`;
  return [stated, ...(point.basis.length === 0 ? [] : [list(point.basis, '')])].join('\n\n');
}

function fencing({ fencing: state }: Evidence): string {
  if (state === null) return 'Not assessed.';
  const rows = state.observers.map((one) => [one.observer, one.sees, one.down ? 'down' : 'up']);
  return `**${state.state}** at ${state.at}.\n\n${table(['Observer', 'Sees', 'Means'], rows)}`;
}

function decisions(evidence: Evidence): string {
  const rows = evidence.decisions.map((one) => [
    one.at,
    `${one.by.name} (${one.by.id})`,
    [one.command, one.step ?? one.accept, one.then === null ? null : `then ${one.then}`]
      .filter((word) => word !== null)
      .join(' '),
    one.reason,
    one.why === null ? one.outcome : `${one.outcome}: ${one.why}`,
  ]);
  return rows.length === 0
    ? 'Nobody had to decide anything after the request.'
    : table(['At', 'Who', 'Order', 'Reason', 'Outcome'], rows);
}

function steps({ stages }: Evidence): string {
  const rows = stages.flatMap((stage) =>
    stage.steps.map((step) => [
      stage.name,
      step.id,
      step.adopted ? `${step.state} (by somebody else)` : step.state,
      duration(step.seconds),
      duration(step.azureSeconds),
      step.error === null ? step.sentence : `${step.error.code}: ${step.error.message}`,
    ]),
  );
  return table(['Stage', 'Step', 'State', 'Took', 'Azure’s part', 'Last word'], rows);
}

function criticalPath({ criticalPath: path }: Evidence): string {
  if (path.parts.length === 0) return 'Azure had no part in any step.';
  const rows = path.parts.map((part) => [part.stage, part.step, formatSeconds(part.seconds)]);
  const ratio =
    path.overheadRatio === null
      ? ''
      : ` Overhead ratio: **${path.overheadRatio.toFixed(3)}** (1 is the limit).`;
  return [
    table(['Stage', 'Slowest step', 'Azure’s part'], rows),
    `Azure’s own operations, one after the other: ${formatSeconds(path.azureSeconds)}; the steps took ${duration(path.elapsedSeconds)}.${ratio}`,
  ].join('\n\n');
}

function calls(evidence: Evidence): string {
  const rows = evidence.calls.map((call) => [
    call.sentAt,
    call.step,
    call.direction === 'undo' ? `undo: ${call.sentence}` : call.sentence,
    [call.outcome, call.status, call.code, call.resolution]
      .filter((fact) => fact !== null)
      .join(', '),
    call.operation ?? '—',
    call.correlationId === null ? '—' : code(call.correlationId),
  ]);
  return rows.length === 0
    ? 'None.'
    : table(['Sent', 'Step', 'Call', 'Answer', 'Operation', 'Correlation id'], rows);
}

function timeline({ events }: Evidence): string {
  const rows = [...events]
    .sort((left, right) => left.at.localeCompare(right.at))
    .map((event) => [event.at, `${event.stream} ${event.sequence}`, event.sentence]);
  return table(['At', 'Event', 'What happened'], rows);
}

function proof({ events, heads, anchors }: Evidence): string {
  const rows = Object.entries(heads)
    .filter(([, head]) => head.sequence > 0)
    .map(([stream, head]) => [stream, String(head.sequence), code(head.hash)]);
  return [
    `${events.length} events; each one’s hash covers the one before it. The last of each stream:`,
    table(['Stream', 'Events', 'Hash of the last'], rows),
    `${anchors.length} anchors fix these chains in the evidence container. The JSON file beside this page holds every event; check it with \`switchover evidence verify FILE\`. This page itself proves nothing.`,
  ].join('\n\n');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

function duration(seconds: number | null): string {
  return seconds === null ? '—' : formatSeconds(seconds);
}

function met(within: boolean | null): string {
  return within === true ? 'met' : 'missed';
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
