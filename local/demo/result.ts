import type { ExecutionDetail } from '../../src/functions/services.ts';
import type { Evidence } from '../../src/report/evidence.ts';

/** What `--json` prints: one object, for scripts. */
export interface DemoResult {
  readonly status: string;
  readonly plan: string;
  readonly kind: string;
  readonly mode: string;
  readonly from: string;
  readonly to: string;
  readonly rtoSeconds: number | null;
  readonly rpoSeconds: number | null;
  readonly criticalPathSeconds: number;
  readonly overheadRatio: number | null;
  readonly steps: readonly {
    readonly id: string;
    readonly uses: string;
    readonly status: string;
    readonly seconds: number | null;
  }[];
  readonly evidence: string;
}

export function demoResult(
  execution: ExecutionDetail,
  evidence: Evidence,
  path: string,
): DemoResult {
  const { state, plan, kind, mode, from, to } = execution;
  return {
    ...{ status: state, plan, kind, mode, from, to },
    rtoSeconds: evidence.recoveryTime.totalSeconds,
    rpoSeconds: toMilliseconds(evidence.recoveryPoint.lossSeconds),
    criticalPathSeconds: evidence.criticalPath.azureSeconds,
    overheadRatio: evidence.criticalPath.overheadRatio,
    steps: evidence.stages.flatMap((stage) =>
      stage.steps.map((step) => ({
        id: step.id,
        uses: step.uses,
        status: step.state,
        seconds: step.seconds,
      })),
    ),
    evidence: path,
  };
}

/** A lag that was sampled is a mean with any number of digits. */
function toMilliseconds(seconds: number | null): number | null {
  return seconds === null ? null : Math.round(seconds * 1000) / 1000;
}
