import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Who holds a token of the simulator: a managed identity of the app. */
export interface Caller {
  readonly objectId: string;
  readonly clientId: string;
  readonly tenant: string;
}

export interface IssuedToken {
  readonly token: string;
  readonly expiresAt: number;
}

export interface Tokens {
  /** For one of the identities; null when there is none of that client id. */
  issueFor(clientId: string, audience: string): IssuedToken | null;
  issue(audience: string): IssuedToken;
  /** The holder of an `Authorization` header, or why it is not accepted. */
  verify(authorization: string | undefined): Caller | { readonly refused: string };
}

/**
 * From now on, by the simulator's clock and by the machine's: the SDKs go by the latter whatever the app's clock is, and
 * would ask anew before each request for what seems to be over.
 */
const LIFETIME_MS = 24 * 3_600_000;

/**
 * Tokens in the shape of Entra's, good across restarts of the simulator because everything is inside them. The mark
 * at the end keeps out tokens of other makers by mistake; it is no protection against anybody.
 */
export function createTokens(
  now: () => number,
  own: Caller,
  others: readonly Caller[] = [],
): Tokens {
  const callers = [own, ...others];
  // An app shows the same few tokens with every request.
  const seen = new Map<string, Claims>();
  const claimsOf = (token: string): Claims | null => {
    const known = seen.get(token);
    if (known !== undefined) return known;
    const [head = '', body = '', signature = ''] = token.split('.');
    if (signature !== mark(`${head}.${body}`)) return null;
    const parsed = claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
    seen.set(token, parsed);
    return parsed;
  };
  const issueTo = (caller: Caller, audience: string): IssuedToken => {
    const expiresAt = Math.max(now(), Date.now()) + LIFETIME_MS;
    const head = encode({ alg: 'none', typ: 'JWT' });
    const body = encode({
      aud: audience,
      iss: `https://sts.windows.net/${caller.tenant}/`,
      exp: Math.floor(expiresAt / 1000),
      oid: caller.objectId,
      appid: caller.clientId,
    });
    return { token: `${head}.${body}.${mark(`${head}.${body}`)}`, expiresAt };
  };
  return {
    issue: (audience) => issueTo(own, audience),
    issueFor: (clientId, audience) => {
      const caller = callers.find((one) => one.clientId === clientId);
      return caller === undefined ? null : issueTo(caller, audience);
    },
    verify: (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined)
        return { refused: "The 'Authorization' header is missing or holds no bearer token." };
      const claimed = claimsOf(token);
      if (claimed === null) return { refused: 'The access token is of no known issuer.' };
      const { exp, appid } = claimed;
      if (exp * 1000 <= now()) return { refused: 'The access token has expired.' };
      const caller = callers.find(({ clientId }) => clientId === appid);
      return caller ?? { refused: 'The access token is of nobody known here.' };
    },
  };
}

const claims = z.object({ exp: z.number(), appid: z.string() });
type Claims = z.infer<typeof claims>;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function mark(text: string): string {
  return createHash('sha256').update(`switchover-simulator.${text}`).digest('base64url');
}
