import { isIP } from 'node:net';
import { z } from 'zod';
import { SwitchoverError } from './core/errors.ts';

const nameServer = z
  .string()
  .refine(isNameServer, 'must be the IP address of a name server, with :port unless that is 53');

/** A webhook's address is a credential: whoever knows it may post there. */
const address = z
  .string()
  .refine(isSafeAddress, 'must be an https address (http only to this machine)');
const WEBHOOK = 'SWITCHOVER_WEBHOOK_';

/** `name=value,name=value`, percent-encoded: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
const pairs = z
  .string()
  .refine((text) => text.split(',').every((one) => PAIR.test(one)), 'must be name=value,…')
  .transform((text) => Object.fromEntries(text.split(',').map(pairIn)));
const PAIR = /^\s*[\w!#$&'*.^`|~-]+\s*=(?:[^%]|%[0-9A-Fa-f]{2})*$/;

/** What an operator sets in the app's configuration. Parsed once, in the root; nothing else reads the environment. */
const schema = z.strictObject({
  /** entra: people sign in, App Service authentication says who asks. keys: function keys, role Automation. */
  AUTH: z.enum(['entra', 'keys']).default('keys'),
  /** The registration with which people sign in; written by the deployment that turned the sign-in on, after it. */
  SWITCHOVER_SIGN_IN_CLIENT_ID: z.string().min(1).optional(),
  /** App Service itself says whether its authentication is on: https://learn.microsoft.com/azure/app-service/reference-app-settings */
  WEBSITE_AUTH_ENABLED: z
    .string()
    .transform((text) => text.toLowerCase() === 'true')
    .optional(),
  SWITCHOVER_REGION: z.string().min(1).optional(),
  AZURE_RESOURCE_MANAGER: z.url().default('https://management.azure.com'),
  AZURE_TOKEN_SCOPE: z.string().optional(),
  AZURE_METRICS_ENDPOINT: z.url().optional(),
  /** Log Analytics; the public cloud's own when absent there. */
  AZURE_LOGS_ENDPOINT: z.url().optional(),
  /** The managed identity that looks, and owns the records; the app's only one when absent. */
  AZURE_CLIENT_ID: z.string().optional(),
  /** That of planned executions; the one that looks when absent. */
  SWITCHOVER_FAILOVER_CLIENT_ID: z.string().optional(),
  /** That of unplanned executions, which may lose data; the one of planned executions when absent. */
  SWITCHOVER_FORCED_CLIENT_ID: z.string().optional(),
  SWITCHOVER_TABLES: z.string().min(1).optional(),
  SWITCHOVER_BLOBS: z.string().min(1).optional(),
  /** A folder of the package, or IN_BLOBS. */
  SWITCHOVER_PLANS: z.string().default('plans'),
  /** The name server that validate/dns asks as the app's own; the system's when absent. */
  SWITCHOVER_RESOLVER: nameServer.optional(),
  /** Name servers that stand for "the world" in validate/dns, comma separated. */
  SWITCHOVER_PUBLIC_RESOLVERS: z
    .string()
    .refine(
      (text) => text.split(',').every((one) => isNameServer(one.trim())),
      'must be IP addresses of name servers, separated by commas',
    )
    .default('1.1.1.1,8.8.8.8'),
  /** An HTTP proxy for probes of the application, where outbound traffic must pass one. */
  SWITCHOVER_PROBE_PROXY: z.url().optional(),
  /** Where telemetry goes, to which /v1/traces, /v1/metrics and /v1/logs are added. Nothing is sent when absent. */
  OTEL_EXPORTER_OTLP_ENDPOINT: address.optional(),
  /** What the collector asks for, such as a key. */
  OTEL_EXPORTER_OTLP_HEADERS: pairs.transform(withLowerNames).optional(),
  /** What this app is called there; `switchover` when absent. */
  OTEL_SERVICE_NAME: z.string().min(1).optional(),
  /** What else is to be told of this app, such as deployment.environment.name. */
  OTEL_RESOURCE_ATTRIBUTES: pairs.optional(),
  /** Where notifications go, by what follows `SWITCHOVER_WEBHOOK_` in the setting's name. */
  webhooks: z.record(z.string(), address),
});

/** The value of SWITCHOVER_PLANS with which plans are pushed, and kept in the plans container. */
export const IN_BLOBS = 'blob';

/** Settings that hold keys are named in plans by these names, and are kept apart from all others. */
export const SECRET_SETTING = /^SWITCHOVER_SECRET_[A-Z0-9_]+$/;

/** A key by the name of its setting; null when it is not set. */
export type Secrets = (name: string) => string | null;

export function secretsIn(environment: Readonly<Record<string, string | undefined>>): Secrets {
  return (name) => {
    const value = SECRET_SETTING.test(name) ? environment[name] : undefined;
    return value === undefined || value === '' ? null : value;
  };
}

export type Settings = Readonly<z.infer<typeof schema>>;

/** Their names, webhooks apart. */
export const SETTING_NAMES: readonly string[] = Object.keys(schema.shape).filter(
  (name) => name !== 'webhooks',
);

/** Takes the known names out of an environment; a value that is not valid is a mistake that names the setting. */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const given: Record<string, string> = {};
  const webhooks: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value === '') continue;
    if (name.startsWith(WEBHOOK)) webhooks[name.slice(WEBHOOK.length)] = value;
    else if (Object.hasOwn(schema.shape, name)) given[name] = value;
  }
  const parsed = schema.safeParse({ ...given, webhooks });
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map(
    ({ path: [name, receiver], message }) =>
      `${name === 'webhooks' ? `${WEBHOOK}${String(receiver)}` : String(name)}: ${message}`,
  );
  throw new SwitchoverError(
    'SETTING_INVALID',
    `The app's settings are not valid. ${complaints.join('; ')}.`,
  );
}

/** As Node takes them: `192.0.2.1`, `192.0.2.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`. */
function isNameServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const [, bracketed, plain, port = '53'] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const address = isIP(bracketed ?? '') === 6 || isIP(plain ?? '') === 4;
  return address && Number(port) >= 1 && Number(port) <= 65_535;
}

function pairIn(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [name.trim(), decodeURIComponent(value.join('=').trim())];
}

/** As HTTP does not tell them apart. */
function withLowerNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  const isHere = ['127.0.0.1', '[::1]', 'localhost'].includes(hostname);
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}
