import { describe, expect, it } from 'vitest';
import { accessOf } from '../../../src/functions/access/trust.ts';
import { parseSettings } from '../../../src/settings.ts';

const DEPLOYED = { AUTH: 'entra', SWITCHOVER_SIGN_IN_CLIENT_ID: 'app' };

describe('the way in', () => {
  it.each<[string, Record<string, string>, string]>([
    ['no word of a sign-in', {}, 'keys'],
    ['a sign-in that is deployed and on', { ...DEPLOYED, WEBSITE_AUTH_ENABLED: 'True' }, 'entra'],
    ['a sign-in of which App Service says nothing', DEPLOYED, 'entra'],
    ['a sign-in that was turned off', { ...DEPLOYED, WEBSITE_AUTH_ENABLED: 'False' }, 'nobody'],
    ['AUTH=entra set by hand', { AUTH: 'entra' }, 'nobody'],
    [
      'AUTH=entra, and only App Service’s word',
      { AUTH: 'entra', WEBSITE_AUTH_ENABLED: 'true' },
      'nobody',
    ],
    ['keys beside a sign-in', { ...DEPLOYED, AUTH: 'keys' }, 'keys'],
  ])('with %s', (_, environment, by) => {
    expect(accessOf(parseSettings(environment)).by).toBe(by);
  });

  it('says in one sentence why it is shut, and what to do', () => {
    expect(accessOf(parseSettings({ AUTH: 'entra' }))).toMatchObject({
      why: expect.stringMatching(
        /^Nobody is let in: .*SWITCHOVER_SIGN_IN_CLIENT_ID.*docs\/deploying\.md.*AUTH=keys\.$/,
      ) as string,
    });
  });
});
