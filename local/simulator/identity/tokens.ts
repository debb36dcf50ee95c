import { createHash } from 'node:crypto';

/** Who holds a token of the simulator: the app's managed identity. */
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
  issue(audience: string): IssuedToken;
  /** The holder of an `Authorization` header, or why it is not accepted. */
  verify(authorization: string | undefined): Caller | { readonly refused: string };
}

const LIFETIME_MS = 24 * 3_600_000;

/**
 * Tokens in the shape of Entra's, good across restarts of the simulator because everything is inside them. The mark
 * at the end keeps out tokens of other makers by mistake; it is no protection against anybody.
 */
export function createTokens(now: () => number, caller: Caller): Tokens {
  return {
    issue: (audience) => {
      const expiresAt = now() + LIFETIME_MS;
      const head = encode({ alg: 'none', typ: 'JWT' });
      const body = encode({
        aud: audience,
        iss: `https://sts.windows.net/${caller.tenant}/`,
        exp: Math.floor(expiresAt / 1000),
        oid: caller.objectId,
        appid: caller.clientId,
      });
      return { token: `${head}.${body}.${mark(`${head}.${body}`)}`, expiresAt };
    },
    verify: (authorization) => {
      const token = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (token === undefined)
        return { refused: "The 'Authorization' header is missing or holds no bearer token." };
      const [head = '', body = '', signature = ''] = token.split('.');
      if (signature !== mark(`${head}.${body}`))
        return { refused: 'The access token is of no known issuer.' };
      const expires = expiry(body);
      return expires !== null && expires * 1000 > now()
        ? caller
        : { refused: 'The access token has expired.' };
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function mark(text: string): string {
  return createHash('sha256').update(`switchover-simulator.${text}`).digest('base64url');
}

function expiry(body: string): number | null {
  const claims: unknown = JSON.parse(Buffer.from(body, 'base64url').toString());
  if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null;
  return typeof claims.exp === 'number' ? claims.exp : null;
}
