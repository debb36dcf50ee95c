import type { Settings } from '../../settings.ts';

/** How the app knows who asks. Never two ways at once: what one way refuses the other could let in. */
export type Access =
  | { readonly by: 'entra' | 'keys' }
  /** No way can be trusted: everything that needs somebody is refused. */
  | { readonly by: 'nobody'; readonly why: string };

/**
 * The platform's header is an unsigned text, worth something only where App Service authentication is in front and
 * strips it from clients' requests. AUTH=entra is a person's word for that, and may be set by hand or too early; so the
 * deployment of the sign-in has to have left its mark as well, and App Service must not say that it is off.
 * Whether every plan of App Service says so is not documented: its silence is no refusal.
 */
export function accessOf(
  settings: Pick<Settings, 'AUTH' | 'SWITCHOVER_SIGN_IN_CLIENT_ID' | 'WEBSITE_AUTH_ENABLED'>,
): Access {
  if (settings.AUTH === 'keys') return { by: 'keys' };
  if (settings.SWITCHOVER_SIGN_IN_CLIENT_ID === undefined) {
    return closed(
      'SWITCHOVER_SIGN_IN_CLIENT_ID, which is written with the sign-in, is not set. Deploy the sign-in (docs/deploying.md)',
    );
  }
  if (settings.WEBSITE_AUTH_ENABLED === false) {
    return closed('App Service says that its authentication is off. Turn it on again');
  }
  return { by: 'entra' };
}

function closed(reason: string): Access {
  return {
    by: 'nobody',
    why: `Nobody is let in: AUTH=entra believes what App Service authentication says, but ${reason}, or set AUTH=keys.`,
  };
}
