import { Resolver } from 'node:dns/promises';
import type { Dns } from '../core/dns.ts';

const TIMEOUT_MS = 3_000;
const TRIES = 2;
/** What a name server says when it knows the name but has no such record, or knows no such name. */
const NO_ANSWER = new Set(['ENODATA', 'ENOTFOUND']);

/** Asks name servers directly, past this machine's cache: `own`, or else the system's, when none is named. */
export function systemDns(own: string | undefined): Dns {
  return {
    resolve: async (name, server = own) => none(resolver(server).resolve4(name), []),
    alias: async (name, server = own) => {
      const [first] = await none(resolver(server).resolveCname(name), []);
      return first ?? null;
    },
  };
}

/** One for each question: a resolver keeps what it heard, and the sockets to its servers. */
function resolver(server: string | undefined): Resolver {
  const made = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  if (server !== undefined) made.setServers([server]);
  return made;
}

async function none<T>(question: Promise<T>, nothing: T): Promise<T> {
  try {
    return await question;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (NO_ANSWER.has(code)) return nothing;
    throw error;
  }
}
