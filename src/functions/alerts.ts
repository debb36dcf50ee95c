import { z } from 'zod';
import { instant } from '../core/clock.ts';
import type { AlertMessage } from '../orchestration/receive-alert.ts';
import { readJson, readQuery } from './http/body.ts';
import { json } from './http/exchange.ts';
import type { WebAnswer } from './http/exchange.ts';
import type { Call, Route } from './http/route.ts';

/** The context may carry what a log search found. Only the essentials are kept. */
const LIMIT_BYTES = 1024 * 1024;
const TARGETS = 100;
const TARGET_CHARACTERS = 1000;
const DESCRIPTION_CHARACTERS = 1000;

const moment = z.iso.datetime({ offset: true }).transform((text) => instant(Date.parse(text)));

/**
 * The common alert schema: strict on what is acted upon, loose on the rest, which differs from alert type to alert
 * type and grows. https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema
 */
const essentials = z.object({
  alertId: z.string().min(1).max(1000),
  alertRule: z.string().min(1).max(300),
  severity: z.enum(['Sev0', 'Sev1', 'Sev2', 'Sev3', 'Sev4']),
  monitorCondition: z.enum(['Fired', 'Resolved']),
  firedDateTime: moment,
  resolvedDateTime: moment.optional().catch(undefined),
  alertTargetIDs: z.array(z.string()).catch([]),
  description: z.string().catch(''),
});

const commonAlert = z.object({
  schemaId: z.literal('azureMonitorCommonAlertSchema', {
    error:
      'expected azureMonitorCommonAlertSchema: enable the common alert schema in the action group',
  }),
  data: z.object({ essentials }),
});

const page = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(50) });

export const alertRoutes: readonly Route[] = [
  {
    name: 'alerts',
    path: 'api/alerts',
    durable: true,
    methods: {
      GET: {
        deed: 'read',
        summary: 'Lists the alerts that came in',
        answers: '`{alerts: [...]}`, newest first: what each matched and what was decided',
        query: page,
        handle: listAlerts,
      },
      POST: {
        deed: 'alert',
        summary: "Takes an action group's call",
        answers: '`{accepted, repeated, matched, ignored?}`',
        status: 202,
        body: commonAlert,
        limit: 'alerts',
        // All that an alert can do is let the watch look, and the content type alone makes a browser ask first.
        fromElsewhere:
          'an action group sends its own headers, and a token or a key, never a cookie',
        handle: receiveAlert,
      },
    },
  },
];

async function listAlerts({ request, services }: Call): Promise<WebAnswer> {
  const { limit } = readQuery(request, page);
  return json(200, { alerts: await services.alerts.list(limit) });
}

async function receiveAlert({ request, services, by, door }: Call): Promise<WebAnswer> {
  const { data } = await readJson(request, commonAlert, LIMIT_BYTES);
  const answer = await services.alerts.receive(messageOf(data.essentials), by, door());
  return json(202, { accepted: true, ...answer });
}

function messageOf(of: z.infer<typeof essentials>): AlertMessage {
  return {
    id: of.alertId,
    rule: of.alertRule,
    severity: of.severity,
    condition: of.monitorCondition,
    targets: of.alertTargetIDs.filter((id) => id.length <= TARGET_CHARACTERS).slice(0, TARGETS),
    description: of.description.slice(0, DESCRIPTION_CHARACTERS),
    firedAt: of.firedDateTime,
    ...(of.resolvedDateTime === undefined ? {} : { resolvedAt: of.resolvedDateTime }),
  };
}
