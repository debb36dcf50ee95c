/** The result of a readiness check: how bad, on which resource, what is wrong, how to mend it. */
export interface Finding {
  readonly severity: 'critical' | 'warning' | 'info';
  readonly resource: string;
  readonly problem: string;
  readonly remedy: string;
  readonly step?: string;
  /** The side that is entered cannot take over at all: not even an unplanned execution would get past it. */
  readonly impossible?: true;
}

export function warning(resource: string, problem: string, remedy: string): Finding {
  return { severity: 'warning', resource, problem, remedy };
}
