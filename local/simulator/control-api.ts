import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { z } from 'zod';
import { alertRule } from './alerts/rules.ts';
import type { Journal } from './journal.ts';
import type { Control } from './control.ts';
import { faultSchema } from './fault-schema.ts';
import { OUTAGE_SIZES } from './service.ts';
import { readBody } from './sockets.ts';

const outageSchema = z.strictObject({
  region: z.string().min(1),
  size: z.enum(OUTAGE_SIZES),
  afterSeconds: z.number().positive().optional(),
});

const denialSchema = z.strictObject({ action: z.string().min(1), scope: z.string().default('') });

const lockSchema = z.strictObject({
  name: z.string().min(1).default('lock'),
  level: z.enum(['CanNotDelete', 'ReadOnly']),
  scope: z.string().min(1),
  notes: z.string().exactOptional(),
});

const quotaSchema = z.strictObject({
  region: z.string().min(1),
  name: z.string().min(1),
  limit: z.int().nonnegative(),
});

const receiversSchema = z.strictObject({ urls: z.array(z.url()) });

/** What the API turns: the present world, and how to begin another. */
export interface ControlTarget {
  readonly control: () => Control;
  readonly journal: () => Journal;
  readonly reset: () => void;
}

type Command = (target: ControlTarget, body: unknown) => unknown;

const COMMANDS: Readonly<Record<string, Command>> = {
  'POST /control/outages': ({ control }, body) => {
    const { region, size, afterSeconds } = outageSchema.parse(body);
    if (afterSeconds === undefined) control().outage(region, size);
    else control().outageAfter(afterSeconds, region, size);
    return control().state().outages;
  },
  'POST /control/faults': ({ control }, body) => {
    control().fault(faultSchema.parse(body));
    return control().state().faults;
  },
  'DELETE /control/faults': ({ control }) => {
    control().clearFaults();
    return [];
  },
  'POST /control/permissions': ({ control }, body) => {
    control().deny(denialSchema.parse(body));
    return control().state().denials;
  },
  'DELETE /control/permissions': ({ control }) => {
    control().grantAll();
    return [];
  },
  'POST /control/locks': ({ control }, body) => {
    control().lock(lockSchema.parse(body));
    return control().state().locks;
  },
  'DELETE /control/locks': ({ control }) => {
    control().unlockAll();
    return [];
  },
  'POST /control/quotas': ({ control }, body) => {
    const quota = quotaSchema.parse(body);
    control().quota(quota);
    return quota;
  },
  'GET /control/alerts': ({ control }) => ({
    rules: control().alerts.rules(),
    notifications: control().alerts.notifications(),
  }),
  'POST /control/alerts/rules': ({ control }, body) => {
    control().alerts.addRule(alertRule.parse(body));
    return control().alerts.rules();
  },
  'POST /control/alerts/receivers': ({ control }, body) => {
    const { urls } = receiversSchema.parse(body);
    control().alerts.receivers(urls);
    return urls;
  },
  'DELETE /control/alerts': ({ control }) => {
    control().alerts.clear();
    return [];
  },
  'GET /control/journal': ({ journal }) => journal().entries(),
  'GET /control/state': ({ control }) => control().state(),
  'GET /control/cafe': ({ control }) => control().cafe(),
  'POST /control/reset': ({ control, reset }) => {
    reset();
    return control().state();
  },
};

/** The control API: the simulated world's own, on a port that Azure does not have. */
export function controlApi(target: ControlTarget): RequestListener {
  return (request, response) => {
    void answer(target, request, response);
  };
}

async function answer(
  target: ControlTarget,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = `${request.method ?? ''} ${new URL(request.url ?? '/', 'http://control').pathname}`;
  const command = COMMANDS[asked];
  if (command === undefined) {
    send(response, 404, { error: `No ${asked}. There is: ${Object.keys(COMMANDS).join(', ')}.` });
    return;
  }
  try {
    const body = await readBody(request);
    send(response, 200, command(target, body === undefined ? {} : JSON.parse(body)));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    send(response, 400, { error: message });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body, null, 2);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(`${text}\n`);
}
