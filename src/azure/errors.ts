import type { StepError } from '../core/step.ts';

/**
 * What can go wrong with one request to Azure, by what it tells about the effect:
 * - `refused`: answered with 4xx. It had no effect. `transient` when the same request may work later (lock, busy).
 * - `throttled`: answered with 429 for load. It had no effect; wait `retryAfterSeconds`.
 * - `lost`: no answer, or 5xx. It may have had its effect: only looking tells.
 */
export class AzureError extends Error {
  readonly effect: 'refused' | 'throttled' | 'lost';
  readonly code: string;
  readonly status: number | null;
  readonly transient: boolean;
  readonly retryAfterSeconds: number | null;
  readonly correlationId: string | null;
  /** What was asked of which resource, for messages. */
  readonly operation: string;

  constructor(facts: {
    effect: 'refused' | 'throttled' | 'lost';
    code: string;
    message: string;
    operation: string;
    status?: number | null;
    transient?: boolean;
    retryAfterSeconds?: number | null;
    correlationId?: string | null;
    cause?: unknown;
  }) {
    super(
      `${facts.operation}: ${facts.message}`,
      facts.cause === undefined ? undefined : { cause: facts.cause },
    );
    this.name = 'AzureError';
    this.effect = facts.effect;
    this.code = facts.code;
    this.status = facts.status ?? null;
    this.transient = facts.transient ?? facts.effect !== 'refused';
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.correlationId = facts.correlationId ?? null;
    this.operation = facts.operation;
  }

  get asStepError(): StepError {
    return { code: this.code, message: this.message };
  }

  get isNotFound(): boolean {
    return this.status === 404;
  }
}
