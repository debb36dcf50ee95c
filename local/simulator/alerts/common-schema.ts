import { instant } from '../../../src/core/clock.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { canonicalId, resourceName } from '../../../src/core/resource-id.ts';
import type { AlertRule } from './rules.ts';

/** One alert from its begin to its end: both messages carry its id. */
export interface AlertInstance {
  readonly id: string;
  readonly rule: AlertRule;
  readonly targetId: string;
  /** Epoch milliseconds. */
  readonly firedAt: number;
  readonly resolvedAt: number | null;
}

const SIGNALS = {
  metric: ['Metric', 'Platform', 'metricAlerts'],
  'web-test': ['Metric', 'Platform', 'metricAlerts'],
  'resource-health': ['Activity Log', 'Resource Health', 'activityLogAlerts'],
  activity: ['Activity Log', 'Activity Log - Administrative', 'activityLogAlerts'],
} as const satisfies Record<AlertRule['kind'], readonly [string, string, string]>;

/**
 * The common alert schema, as its samples have it.
 * https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-payload-samples
 * Alerts of the activity log have severity 4 whatever their rule says.
 */
export function commonSchema(
  subscription: string,
  alert: AlertInstance,
  alertContext: JsonObject,
): JsonObject {
  return {
    schemaId: 'azureMonitorCommonAlertSchema',
    data: { essentials: essentials(subscription, alert), alertContext, customProperties: null },
  };
}

function essentials(subscription: string, alert: AlertInstance): JsonObject {
  const { id, rule, targetId, firedAt, resolvedAt } = alert;
  const [signalType, monitoringService, type] = SIGNALS[rule.kind];
  return {
    alertId: `/subscriptions/${subscription}/providers/Microsoft.AlertsManagement/alerts/${id}`,
    alertRule: rule.name,
    severity: signalType === 'Metric' ? `Sev${rule.severity}` : 'Sev4',
    signalType,
    monitorCondition: resolvedAt === null ? 'Fired' : 'Resolved',
    monitoringService,
    alertTargetIDs: [canonicalId(targetId)],
    configurationItems: [resourceName(targetId)],
    originAlertId: `${subscription}_cafe-monitoring_microsoft.insights_${type}_${rule.name}_${id.slice(0, 8)}`,
    firedDateTime: fine(firedAt),
    ...(resolvedAt !== null && { resolvedDateTime: fine(resolvedAt) }),
    description: rule.description,
    essentialsVersion: '1.0',
    alertContextVersion: '1.0',
  };
}

export interface MetricCondition {
  readonly conditionType:
    'SingleResourceMultipleMetricCriteria' | 'WebtestLocationAvailabilityCriteria';
  readonly windowMinutes: number;
  readonly from: number;
  readonly to: number;
  readonly criterion: JsonObject;
}

export function metricContext(condition: MetricCondition): JsonObject {
  const { conditionType, windowMinutes, from, to, criterion } = condition;
  return {
    properties: null,
    conditionType,
    condition: {
      windowSize: `PT${windowMinutes}M`,
      allOf: [criterion],
      windowStartTime: instant(from),
      windowEndTime: instant(to),
    },
  };
}

/** What the activity log says of one event. */
export interface ActivityEvent {
  readonly eventSource: 'ResourceHealth' | 'Administrative';
  readonly id: string;
  readonly at: number;
  readonly operationName: string;
  readonly status: string;
  readonly more: JsonObject;
}

/** Half a minute passes before an event can be read in the log; people report up to several. */
const SUBMISSION_SECONDS = 30;

export function activityContext(event: ActivityEvent): JsonObject {
  const { eventSource, id, at, operationName, status, more } = event;
  return {
    channels: eventSource === 'ResourceHealth' ? 'Admin, Operation' : 'Operation',
    correlationId: id,
    eventSource,
    eventTimestamp: instant(at).replace('Z', '+00:00'),
    eventDataId: id,
    level: 'Informational',
    operationName,
    operationId: id,
    ...more,
    status,
    submissionTimestamp: instant(at + SUBMISSION_SECONDS * 1000).replace('Z', '+00:00'),
  } satisfies Record<string, Json>;
}

/** Seven decimals, as the alert service writes its own times. */
function fine(at: number): string {
  return instant(at).replace('Z', '0000Z');
}
