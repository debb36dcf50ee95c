import { pageAfter } from './event-page.ts';
import { executionWords } from '../core/execution.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import { unknownPlan } from '../core/unknown-plan.ts';
import type { ExecutionDetail, ExecutionSummary, Executions } from '../functions/services.ts';
import { gatherEvidence } from '../orchestration/evidence.ts';
import { giveOrder } from '../orchestration/order.ts';
import { criticalPath } from '../report/critical-path.ts';
import { startExecution } from '../orchestration/start/start.ts';
import type { StartDeps } from '../orchestration/start/order.ts';
import type { Catalogue } from './plans.ts';

/** A listing that filters reads more than it shows; older executions are in the evidence container. */
const READ_AT_MOST = 500;

/** What the doors ask of executions, put together from the use cases and the records. */
export function createExecutionDoors(deps: StartDeps, catalogue: Catalogue): Executions {
  const { executions } = deps;
  return {
    async start({ plan: name, request, by, idempotencyKey }, door) {
      const found = await catalogue.find(name);
      if (found === null) throw unknownPlan(name);
      return startExecution(deps, { ...found, ...request, by, idempotencyKey }, door);
    },

    async list({ plan, state, limit }) {
      const filtered = plan !== undefined || state !== undefined;
      const records = await executions.recent(filtered ? READ_AT_MOST : limit);
      return records
        .filter(
          (one) =>
            (plan === undefined || one.plan === plan) &&
            (state === undefined || one.state === state),
        )
        .slice(0, limit)
        .map(summary);
    },

    async get(id) {
      const header = await executions.header(id);
      return header === null ? null : detail(deps, header.value);
    },

    async events(id, after) {
      const header = await executions.header(id);
      if (header === null) return null;
      return pageAfter(await executions.events(id), after);
    },

    async command({ execution, request, by }, door) {
      const { command, step, accept, then, reason } = request;
      const { sequence } = await giveOrder(
        deps,
        execution,
        {
          command,
          reason,
          by,
          ...(step === undefined ? {} : { step }),
          ...(accept === undefined ? {} : { accept }),
          ...(then === undefined ? {} : { then }),
        },
        door,
      );
      return { sequence };
    },

    async evidence(id) {
      const header = await executions.header(id);
      return header === null ? null : gatherEvidence(deps, id);
    },
  };
}

function summary(record: ExecutionRecord): ExecutionSummary {
  const { id, plan, kind, mode, from, to, state, reason, requestedBy, requestedAt } = record;
  const { startedAt, endedAt, outcome, level, partOf } = record;
  return {
    ...{ id, plan, kind, mode, from, to, state, reason, requestedBy, requestedAt },
    ...(level === undefined ? {} : { level }),
    ...(partOf === undefined ? {} : { partOf }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

async function detail(deps: StartDeps, header: ExecutionRecord): Promise<ExecutionDetail> {
  const [rows, pinned] = await Promise.all([
    deps.executions.steps(header.id),
    deps.pinned.of(header),
  ]);
  const byId = new Map(rows.map((row) => [row.value.id, row.value]));
  const stages = pinned.stages.map((stage) => ({
    name: stage.name,
    steps: stage.steps.map((step) => step.id),
  }));
  const steps = stages.flatMap((stage) => stage.steps).flatMap((id) => byId.get(id) ?? []);
  return {
    ...header,
    sentence: sentenceOf(header, pinned.stages[header.stage]?.name),
    objectives: pinned.plan.objectives,
    stages,
    steps,
    criticalPath: criticalPath(header.state, stages, steps),
  };
}

function sentenceOf(header: ExecutionRecord, stage: string | undefined): string {
  if (header.outcome !== undefined) return header.outcome;
  if (header.pause !== undefined) return header.pause.why;
  const what = `${executionWords(header)} of ${header.plan} from ${header.from} to ${header.to}`;
  if (header.state === 'compensating') return `Undoing the ${what}: ${stage ?? 'done'}.`;
  if (header.state === 'running') return `Running the ${what}: ${stage ?? 'done'}.`;
  if (header.state === 'awaiting-approval' && header.approval !== undefined) {
    const { needed, expiresAt, sentence } = header.approval;
    const missing = needed - header.approvals.length;
    const people = missing === 1 ? 'one person' : `${missing} people`;
    return `The ${what} waits for ${people} to agree until ${expiresAt}. ${sentence ?? ''}`.trim();
  }
  return `The ${what} was asked for and is being checked.`;
}
