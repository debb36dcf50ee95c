import type { World } from './service.ts';

/** On every answer of Resource Manager, seen in recordings. */
const FIXED: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache',
  Pragma: 'no-cache',
  Expires: '-1',
  'X-Content-Type-Options': 'nosniff',
  'X-Cache': 'CONFIG_NOCACHE',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
};

/** How many calls all of a tenant's subscriptions have, against one subscription's. */
const GLOBAL = 15;

export function standardHeaders(
  world: World,
  facts: {
    correlationId: string;
    clientRequestId: string | undefined;
    kind: 'read' | 'write';
    remaining: number | null;
  },
): Record<string, string> {
  const stamp = new Date(world.clock.now()).toISOString().replace(/[-:]|\.\d+/g, '');
  return {
    ...FIXED,
    Date: new Date(world.clock.now()).toUTCString(),
    'x-ms-request-id': world.newId(),
    'x-ms-correlation-request-id': facts.correlationId,
    'x-ms-routing-request-id': `WESTUS:${stamp}:${world.newId()}`,
    ...(facts.clientRequestId !== undefined && { 'x-ms-client-request-id': facts.clientRequestId }),
    ...(facts.remaining !== null && {
      [`x-ms-ratelimit-remaining-subscription-${facts.kind}s`]: String(facts.remaining),
      [`x-ms-ratelimit-remaining-subscription-global-${facts.kind}s`]: String(
        facts.remaining * GLOBAL,
      ),
    }),
  };
}
