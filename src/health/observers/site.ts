import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from '../../core/clock.ts';
import { probe } from '../../steps/probe.ts';
import type { Sighting } from '../fence.ts';

/** As long as Traffic Manager's probes wait at least: a failover waits for this answer. */
const TIMEOUT_SECONDS = 5;

/**
 * The side's own endpoint, asked from here. Anything but a server error means that somebody is still answering, under
 * whatever certificate: it is not trusted with anything.
 */
export async function lookAtSite(
  through: { readonly http: HttpClient; readonly clock: Clock },
  url: string,
): Promise<Sighting> {
  const answer = await probe(through, {
    url,
    timeoutSeconds: TIMEOUT_SECONDS,
    trustAnyCertificate: true,
  });
  const base = { observer: `GET ${url}`, domain: 'our-network' } as const;
  if (answer.status === null) return { ...base, sees: answer.reason, as: 'down' };
  return {
    ...base,
    sees: `status ${answer.status}`,
    as: answer.status >= 500 ? 'down' : 'serving',
  };
}
