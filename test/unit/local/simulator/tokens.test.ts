import { expect, it } from 'vitest';
import { createTokens } from '../../../../local/simulator/identity/tokens.ts';

const CALLER = { objectId: 'object', clientId: 'client', tenant: 'tenant' };
const DAY_MS = 86_400_000;

// The SDKs ask again before each request for a token that is over by the machine's clock.
it.each([
  ['long ago', Date.parse('2020-01-01T00:00:00Z')],
  ['now', Date.now()],
  ['far ahead', Date.now() + 1_000 * DAY_MS],
])(
  'gives tokens that are good by the machine’s clock and by its own, when that one shows %s',
  (_, now) => {
    const tokens = createTokens(() => now, CALLER);
    const { token, expiresAt } = tokens.issue('https://management.azure.com');
    expect(expiresAt).toBeGreaterThan(Date.now() + DAY_MS - 60_000);
    expect(expiresAt).toBeGreaterThanOrEqual(now + DAY_MS);
    expect(tokens.verify(`Bearer ${token}`)).toEqual(CALLER);
  },
);
