/** The result of a readiness check: how bad, on which resource, what is wrong, how to mend it. */
export interface Finding {
  readonly severity: 'critical' | 'warning' | 'info';
  readonly resource: string;
  readonly problem: string;
  readonly remedy: string;
  readonly step?: string;
}
