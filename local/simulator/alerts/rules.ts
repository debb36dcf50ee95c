import { z } from 'zod';

const common = {
  name: z.string().min(1),
  /** 0 is critical, 4 verbose. */
  severity: z.int().min(0).max(4).default(1),
  description: z.string().default(''),
};

const window = { windowMinutes: z.int().positive().default(5) };

const comparison = {
  operator: z.enum(['GreaterThan', 'GreaterThanOrEqual', 'LessThan', 'LessThanOrEqual']),
  threshold: z.number(),
};

/** A metric of one resource against a fixed threshold. */
const metricRule = z.strictObject({
  kind: z.literal('metric'),
  ...common,
  ...window,
  ...comparison,
  resourceId: z.string().min(1),
  metric: z.string().min(1),
  aggregation: z.enum(['Average', 'Minimum', 'Maximum', 'Total', 'Count']),
  dimensions: z.record(z.string(), z.string()).default({}),
});

/** A web test that fails from so many of its locations. */
const webTestRule = z.strictObject({
  kind: z.literal('web-test'),
  ...common,
  ...window,
  componentId: z.string().min(1),
  test: z.string().min(1),
  failedLocations: z.int().positive().default(2),
});

/** A change of a resource's health, at a scope or below it. */
const resourceHealthRule = z.strictObject({
  kind: z.literal('resource-health'),
  ...common,
  scope: z.string().min(1),
});

/** An operation that somebody asked of Resource Manager, at a scope or below it. */
const activityRule = z.strictObject({
  kind: z.literal('activity'),
  ...common,
  scope: z.string().min(1),
  /** `Microsoft.Compute/virtualMachines/deallocate/action` */
  operation: z.string().min(1),
});

/** What can be asked to be watched. */
export const alertRule = z.discriminatedUnion('kind', [
  metricRule,
  webTestRule,
  resourceHealthRule,
  activityRule,
]);

export type AlertRule = Readonly<z.output<typeof alertRule>>;
export type MetricRule = Extract<AlertRule, { kind: 'metric' }>;
export type WebTestRule = Extract<AlertRule, { kind: 'web-test' }>;
export type ResourceHealthRule = Extract<AlertRule, { kind: 'resource-health' }>;
export type ActivityRule = Extract<AlertRule, { kind: 'activity' }>;

/** Rules that hold a state, and say when their condition has ended. */
export type StatefulRule = MetricRule | WebTestRule;

export interface AlertsSeed {
  readonly rules: readonly AlertRule[];
  /** Addresses of the one action group's webhooks. */
  readonly receivers: readonly string[];
}
