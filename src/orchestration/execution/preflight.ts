import { AzureError } from '../../azure/errors.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import type { Deps } from '../deps.ts';
import { stepContext } from '../step/context.ts';
import type { Draft } from './draft.ts';
import { approvalsNeeded, awaitApproval, begin } from './approval.ts';
import { end } from './end.ts';

/** Checks are reads of a side that may be dead: none may keep the others waiting. */
const CHECK_SECONDS = 30;

/**
 * Could this execution work? A planned one is refused on a critical finding. An unplanned one goes on: the side that
 * is left is expected to be in a bad state, and waiting for it to look well would be waiting for ever. Only when that
 * side may still serve and the other one cannot take over at all is it refused, too.
 */
export async function preflight(draft: Draft): Promise<void> {
  const header = draft.header();
  const findings = (
    await Promise.all(
      draft.plan.stages
        .flatMap((stage) => stage.steps)
        .filter((member) => member.when === 'always' || member.when === header.mode)
        .map(async (member) => {
          const step = draft.step(member.id);
          const context = stepContext({
            deps: draft.deps,
            header,
            step,
            attempts: [],
            plan: draft.plan,
          });
          const found = await inTime(draft.deps, member.id, () => member.bound.check(context));
          return found.map((finding) => ({ ...finding, step: member.id }));
        }),
    )
  ).flat();
  if (header.mode === 'unplanned') {
    // Looked at before anything is touched: what this execution does blinds some observers.
    const fencing = await draft.plan.lookAtOldSide(draft.deps);
    draft.patch({ fencing }, { type: 'fencing-assessed', data: fencing });
  }
  const obstacles = findings.filter((finding) => isObstacle(finding, draft.header()));
  if (obstacles.length > 0) {
    const why = obstacles.map(({ problem, remedy }) => `${sentence(problem)} ${remedy}`).join(' ');
    draft.patch({}, { type: 'execution-refused', data: { why, findings } });
    end(draft, 'refused', why);
    return;
  }
  draft.patch({}, { type: 'preflight-passed', data: { findings } });
  if (approvalsNeeded(draft) > 0) awaitApproval(draft);
  else begin(draft);
}

/** A side that may still serve is not taken down for one that could not take over. */
function isObstacle(finding: Finding, { mode, fencing }: ExecutionRecord): boolean {
  if (mode === 'planned') return finding.severity === 'critical';
  return finding.impossible === true && fencing?.state === 'unknown';
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}

async function inTime(
  deps: Deps,
  step: string,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  const done = new AbortController();
  const late = deps.clock.sleep(CHECK_SECONDS * 1000, done.signal).then(
    () => [unreadable(step, `it did not answer within ${CHECK_SECONDS} s`)],
    () => [],
  );
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    return [unreadable(step, error.message)];
  } finally {
    done.abort();
  }
}

function unreadable(step: string, why: string): Finding {
  return {
    severity: 'critical',
    resource: step,
    problem: `What ${step} depends on could not be read: ${why}.`,
    remedy: 'If the side that is left is down, start an unplanned execution.',
  };
}
