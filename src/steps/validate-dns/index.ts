import { z } from 'zod';
import type { Dns } from '../../core/dns.ts';
import { messageOf } from '../../core/errors.ts';
import type { StepKind } from '../contract.ts';
import { watching } from '../watching.ts';

const settings = z.strictObject({
  name: z.string().min(1).describe('The public name, for example of the Traffic Manager profile'),
  expect: z.string().min(1).describe('Host name or address that it must lead to'),
  resolvers: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Name servers to ask; the app's own and its public ones when absent"),
});

type Settings = z.infer<typeof settings>;

const LOOK_SECONDS = 2;
/** A longer chain of aliases is a loop. */
const MAX_ALIASES = 8;

export const validateDns: StepKind<Settings> = {
  uses: 'validate/dns',
  summary: 'Proves that a public name leads to the expected host, whoever is asked.',
  settings,
  effect: 'none',
  makesWritable: false,
  settleSeconds: 0,
  typicalSeconds: () => 10,
  resources: () => [],
  permissions: () => [],
  describe: ({ name, expect }) => `Check that ${name} leads to ${expect}.`,
  onlyReads: () => true,
  check: async () => [],
  forward: watching(async (context, { name, expect, resolvers }) => {
    const servers = resolvers ?? [undefined, ...context.publicResolvers];
    const answers = await Promise.all(
      servers.map(async (server) => {
        const resolver = server ?? 'own resolver';
        return { resolver, ...(await ask(context.dns, name, expect, server)) };
      }),
    );
    const wrong = answers.filter(({ leads }) => !leads);
    return wrong.length === 0
      ? {
          holds: true,
          sentence: `${name} leads to ${expect} for all of ${answers.length} resolvers.`,
          proof: { name, expect, answers },
        }
      : {
          holds: false,
          sentence: `${name} does not lead to ${expect} yet: ${wrong.map(({ resolver, saw }) => `${resolver} gives ${saw}`).join(', ')}.`,
          retryAfterSeconds: LOOK_SECONDS,
          ofAzure: true,
        };
  }),
  undoSafety: () => 'safe',
};

interface Asked {
  readonly leads: boolean;
  readonly saw: string;
}

/** By an alias on the way, or by the address in the end: Traffic Manager answers in both forms. */
async function ask(dns: Dns, name: string, expect: string, server?: string): Promise<Asked> {
  try {
    const aliases = await aliasesOf(dns, name, server);
    if (aliases.some((alias) => sameName(alias, expect))) {
      return { leads: true, saw: aliases.join(' → ') };
    }
    const [addresses, expected] = await Promise.all([
      dns.resolve(name, server),
      dns.resolve(expect, server).catch((): readonly string[] => []),
    ]);
    const right = [...expected, expect];
    const leads = addresses.length > 0 && addresses.every((address) => right.includes(address));
    return { leads, saw: [...aliases, ...addresses].join(' → ') || 'nothing' };
  } catch (error) {
    return { leads: false, saw: `no answer (${messageOf(error)})` };
  }
}

async function aliasesOf(dns: Dns, name: string, server?: string): Promise<readonly string[]> {
  const aliases: string[] = [];
  let alias = await dns.alias(name, server);
  while (alias !== null && aliases.length < MAX_ALIASES) {
    aliases.push(alias);
    alias = await dns.alias(alias, server);
  }
  return aliases;
}

function sameName(left: string, right: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');
  return plain(left) === plain(right);
}
