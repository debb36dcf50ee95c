import { isRehearsal } from '../../core/execution.ts';
import type { ExecutionRecord } from '../../core/execution.ts';
import type { Finding } from '../../core/finding.ts';
import { checkSteps } from '../checks.ts';
import { uncleanable } from '../drill/rehearsal.ts';
import type { Draft } from './draft.ts';
import { approvalsNeeded, awaitApproval, begin } from './approval.ts';
import { subjectOf } from './draft.ts';
import { end } from './end.ts';

/**
 * Could this execution work? A planned one is refused on a critical finding. An unplanned one goes on: the side that
 * is left is expected to be in a bad state, and waiting for it to look well would be waiting for ever. Only when that
 * side may still serve and the other one cannot take over at all is it refused, too.
 */
export async function preflight(draft: Draft): Promise<void> {
  const header = draft.header();
  const findings = [...(await checkSteps(subjectOf(draft))), ...uncleanable(draft)];
  if (header.mode === 'unplanned') {
    // Looked at before anything is touched: what this execution does blinds some observers.
    const fencing = await draft.plan.lookAtOldSide(draft.deps);
    draft.patch({ fencing }, { type: 'fencing-assessed', data: fencing });
  }
  const obstacles = findings.filter((finding) => isObstacle(finding, draft.header()));
  if (obstacles.length > 0) {
    const why = obstacles.map(({ problem, remedy }) => `${sentence(problem)} ${remedy}`).join(' ');
    const problems = obstacles.map(({ resource, problem }) => `${resource}: ${problem}`);
    draft.patch(header.kind === 'drill' ? { problems } : {}, {
      type: 'execution-refused',
      data: { why, findings },
    });
    end(draft, 'refused', why);
    return;
  }
  draft.patch({}, { type: 'preflight-passed', data: { findings } });
  if (approvalsNeeded(draft) > 0 && !isAgreedOn(header)) await awaitApproval(draft);
  else begin(draft);
}

/** Nothing that serves is touched by a rehearsal; and who agreed to a live drill agreed to its way back. */
function isAgreedOn(header: ExecutionRecord): boolean {
  return isRehearsal(header) || header.partOf !== undefined;
}

/** A side that may still serve is not taken down for one that could not take over. */
function isObstacle(finding: Finding, { mode, fencing }: ExecutionRecord): boolean {
  if (mode === 'planned') return finding.severity === 'critical';
  return finding.impossible === true && fencing?.state === 'unknown';
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
