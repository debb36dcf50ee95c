import { z } from 'zod';
import { SwitchoverError } from './core/errors.ts';

/** What an operator sets in the app's configuration. Parsed once, in the root; nothing else reads the environment. */
const schema = z.strictObject({
  /** entra: App Service authentication is on and its principal header is trusted. keys: function keys, role Automation. */
  AUTH: z.enum(['entra', 'keys']).default('keys'),
  SWITCHOVER_REGION: z.string().min(1).optional(),
  AZURE_RESOURCE_MANAGER: z.url().default('https://management.azure.com'),
  AZURE_TOKEN_SCOPE: z.string().optional(),
  AZURE_METRICS_ENDPOINT: z.url().optional(),
  AZURE_CLIENT_ID: z.string().optional(),
  SWITCHOVER_TABLES: z.string().min(1).optional(),
  SWITCHOVER_BLOBS: z.string().min(1).optional(),
  SWITCHOVER_PLANS: z.string().default('plans'),
  /** Name servers that stand for "the world" in validate/dns, comma separated. */
  SWITCHOVER_PUBLIC_RESOLVERS: z.string().default('1.1.1.1,8.8.8.8'),
  /** An HTTP proxy for probes of the application, where outbound traffic must pass one. */
  SWITCHOVER_PROBE_PROXY: z.url().optional(),
});

export type Settings = Readonly<z.infer<typeof schema>>;

/** Takes the known names out of an environment; a value that is not valid is a mistake that names the setting. */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const known = Object.keys(schema.shape);
  const given = Object.fromEntries(
    known.flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const complaints = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new SwitchoverError('SETTING_INVALID', `The app's settings are not valid. ${complaints.join('; ')}.`);
}
