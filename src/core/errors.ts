/** Mistakes that the person or program asking can mend. HTTP answers them with 4xx, the CLI with exit code 2 or 3. */
export const MISTAKES = {
  PLAN_INVALID: 422,
  PLAN_UNKNOWN: 404,
  PLAN_NOT_READY: 422,
  PLAN_CHANGED: 412,
  PLANS_IN_PACKAGE: 409,
  EXECUTION_UNKNOWN: 404,
  METHOD_NOT_ALLOWED: 405,
  REQUEST_MALFORMED: 400,
  REQUEST_TOO_LARGE: 413,
  CONTENT_TYPE_UNSUPPORTED: 415,
  REQUEST_INVALID: 422,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CROSS_SITE: 403,
  LOCKED: 409,
  IDEMPOTENCY_KEY_REUSED: 422,
  TRANSITION_REFUSED: 409,
  RATE_LIMITED: 429,
  SETTING_INVALID: 500,
} as const;

/** Failures that nobody who asked can mend by asking differently. */
export const FAILURES = {
  STORE_UNAVAILABLE: 503,
  STORE_CONFLICT: 409,
  AZURE_REFUSED: 502,
  AZURE_UNAVAILABLE: 503,
  AZURE_THROTTLED: 503,
  ANSWER_LOST: 504,
  INTERNAL: 500,
} as const;

export type MistakeCode = keyof typeof MISTAKES;
export type FailureCode = keyof typeof FAILURES;
export type ErrorCode = MistakeCode | FailureCode;

/** Every error that leaves a module on purpose: a stable code, what happened on which resource, and what to do next. */
export class SwitchoverError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; details?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'SwitchoverError';
    this.code = code;
    this.details = options.details ?? {};
  }

  get status(): number {
    return this.code in MISTAKES
      ? MISTAKES[this.code as MistakeCode]
      : FAILURES[this.code as FailureCode];
  }

  get isMistake(): boolean {
    return this.code in MISTAKES;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
