import { SwitchoverError } from '../../core/errors.ts';
import type { WebRequest } from './exchange.ts';
import type { OpenOperation, Operation } from './route.ts';

export const OWN_HEADER = 'x-switchover';

/** What only reads can be asked from anywhere: their browser keeps the answer from pages of other sites. */
export function wantsOwnHeader(method: string, operation: Operation | OpenOperation): boolean {
  return method !== 'GET' && !('open' in operation) && operation.fromElsewhere === undefined;
}

/**
 * Whoever is signed in carries a cookie, and a browser sends it with whatever a page of another site asks for. It does not
 * send a header of that page's own making without asking us first (CORS preflight), and we never agree.
 * `Sec-Fetch-Site` is the browser's own word, which a page can neither set nor leave out; programs do not send it.
 * https://fetch.spec.whatwg.org/#cors-preflight-fetch, https://www.w3.org/TR/fetch-metadata/
 */
export function refuseOtherSites({ headers }: WebRequest): void {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin') {
    throw refused('the browser says that a page of another site asks.');
  }
  if (!headers.has(OWN_HEADER)) {
    throw refused(`send it with the header ${OWN_HEADER}: 1, which a page of another site cannot.`);
  }
}

function refused(why: string): SwitchoverError {
  return new SwitchoverError('CROSS_SITE', `This request changes something, so ${why}`);
}
