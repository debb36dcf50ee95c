import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Platform } from '../platform.ts';
import type { Alerts } from '../records/alerts.ts';
import type { Executions } from '../records/executions.ts';
import type { Outbox } from '../records/outbox.ts';
import type { ReadinessRecords } from '../records/readiness.ts';
import { toldRequests } from '../telemetry/azure-requests.ts';
import { toldExecutions } from '../telemetry/executions.ts';
import { toldAlerts, toldOutbox, toldReadiness } from '../telemetry/records.ts';
import { createTelemetry } from '../telemetry/sender.ts';
import type { Collector, Telemetry } from '../telemetry/sender.ts';
import type { Resource } from '../telemetry/otlp.ts';
import { createOnlooker } from '../telemetry/watching.ts';
import type { Onlooker } from '../telemetry/watching.ts';
import { VERSION } from '../version.ts';

/** What telemetry looks at, each the same as it was given, and told of. */
export interface Observed {
  readonly azure: (http: HttpClient) => HttpClient;
  readonly executions: (executions: Executions) => Executions;
  readonly alerts: (alerts: Alerts) => Alerts;
  readonly outbox: (outbox: Outbox) => Outbox;
  readonly readiness: (readiness: ReadinessRecords) => ReadinessRecords;
  /** Null where nobody looks on. */
  readonly telemetry: Telemetry | null;
  readonly onlooker: Onlooker | null;
}

const UNOBSERVED: Observed = {
  azure: (http) => http,
  executions: (executions) => executions,
  alerts: (alerts) => alerts,
  outbox: (outbox) => outbox,
  readiness: (readiness) => readiness,
  telemetry: null,
  onlooker: null,
};

/** Without a collector everything is as it is: nothing is gathered, no timer runs. */
export function observed(platform: Platform): Observed {
  const { clock, log, settings } = platform;
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers = {} } =
    settings;
  if (endpoint === undefined) return UNOBSERVED;
  const collector: Collector = { endpoint, headers };
  const telemetry = createTelemetry(collector, resourceOf(platform), platform);
  return {
    azure: (http) => toldRequests(http, telemetry, clock),
    executions: (executions) => toldExecutions(executions, { telemetry, clock, log }),
    alerts: (alerts) => toldAlerts(alerts, telemetry),
    outbox: (outbox) => toldOutbox(outbox, telemetry),
    readiness: (readiness) => toldReadiness(readiness, telemetry),
    telemetry,
    onlooker: createOnlooker(telemetry, clock),
  };
}

/** Names as in OpenTelemetry's conventions. Each life of an instance is one of its own: its sums are. */
function resourceOf({ settings, random }: Platform): Resource {
  const given = settings.OTEL_RESOURCE_ATTRIBUTES ?? {};
  const region = settings.SWITCHOVER_REGION;
  return {
    'service.name': 'switchover',
    'service.version': VERSION,
    'service.instance.id': random().toString(16).slice(2),
    ...(region === undefined ? {} : { 'cloud.region': region }),
    ...given,
    ...(settings.OTEL_SERVICE_NAME === undefined
      ? {}
      : { 'service.name': settings.OTEL_SERVICE_NAME }),
  };
}
