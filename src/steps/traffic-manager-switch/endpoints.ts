import { z } from 'zod';
import type { TrafficEndpoint, TrafficProfile } from '../../azure/access.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { Call, Observation, Refusal, StepContext } from '../contract.ts';
import { sentBy } from '../operation.ts';
import { probe } from '../probe.ts';
import type { Settings } from './settings.ts';

export interface Pair {
  readonly profile: TrafficProfile;
  readonly from: TrafficEndpoint;
  readonly to: TrafficEndpoint;
}

const facts = z.object({
  from: z.object({ enabled: z.boolean(), monitor: z.string() }),
  to: z.object({ enabled: z.boolean(), monitor: z.string() }),
});

export type Facts = z.infer<typeof facts>;

/** Both endpoints, or what of it does not exist. */
export async function lookAtPair(
  context: StepContext,
  settings: Settings,
): Promise<Pair | { readonly missing: string }> {
  const profile = await context.azure.traffic.profile(settings.profile);
  if (profile === null) return { missing: `Traffic Manager profile ${settings.profile}` };
  const find = (name: string): TrafficEndpoint | undefined =>
    profile.endpoints.find((one) => one.name.toLowerCase() === name.toLowerCase());
  const from = find(settings.from);
  const to = find(settings.to);
  if (from !== undefined && to !== undefined) return { profile, from, to };
  const name = from === undefined ? settings.from : settings.to;
  return { missing: `endpoint ${name} of ${resourceName(settings.profile)}` };
}

export function missing(what: string): Refusal {
  const message = `There is no ${what}. Create it or correct the plan.`;
  return { refuse: { code: 'ENDPOINT_MISSING', message } };
}

/** What was not there when it was looked at is not written: whether its site is ready was not asked then. */
export function wasMissing(seen: Observation): Refusal | null {
  return statusesIn(seen.facts) === null
    ? { refuse: { code: 'ENDPOINT_MISSING', message: `${seen.sentence} Look again.` } }
    : null;
}

export function factsOf({ from, to }: Pair): Facts {
  return {
    from: { enabled: from.enabled, monitor: from.monitor },
    to: { enabled: to.enabled, monitor: to.monitor },
  };
}

/** The statuses that stood before this execution wrote any; null when they were never seen. */
export function statusesIn(before: unknown): Facts | null {
  return facts.safeParse(before).data ?? null;
}

export function words({ from, to }: Pair): string {
  return [from, to].map((one) => `${one.name} is ${status(one)}`).join(', ');
}

export function status(endpoint: TrafficEndpoint): string {
  return endpoint.enabled ? `enabled (${endpoint.monitor})` : 'disabled';
}

/** Traffic Manager gives this endpoint to clients: it also does so before the first probe has ended. */
export function isServed(endpoint: TrafficEndpoint): boolean {
  return (
    endpoint.enabled && (endpoint.monitor === 'Online' || endpoint.monitor === 'CheckingEndpoint')
  );
}

export function setEndpoint(
  context: StepContext,
  settings: Settings,
  endpoint: TrafficEndpoint,
  enabled: boolean,
): Call {
  const name = `${enabled ? 'enable' : 'disable'}:${endpoint.name}`;
  const { type } = endpoint;
  return {
    name,
    sentence: `PUT ${resourceName(settings.profile)}/${endpoint.name} ${enabled ? 'Enabled' : 'Disabled'}`,
    send: async (signal) =>
      sentBy(
        name,
        await context.azure.traffic.setEndpoint(
          settings.profile,
          { type, name: endpoint.name },
          enabled,
          signal,
        ),
      ),
  };
}

/** Asks the endpoint what Traffic Manager's own probes ask. Null when it answers, else the reason. */
export async function whyNotAnswering(
  context: StepContext,
  { profile }: Pair,
  endpoint: TrafficEndpoint,
): Promise<string | null> {
  const { protocol, port, path } = profile.probe;
  // A TCP probe asks for nothing that an HTTP client could ask for: Traffic Manager has to find out itself.
  if (protocol.toUpperCase() === 'TCP') return null;
  return whyNotReady(context, {
    url: `${protocol.toLowerCase()}://${endpoint.target}:${port}${path}`,
    status: 200,
    trustAnyCertificate: true,
  });
}

export async function whyNotReady(
  context: StepContext,
  ready: { readonly url: string; readonly status: number; readonly trustAnyCertificate?: boolean },
): Promise<string | null> {
  const answer = await probe(context, ready);
  if (answer.status === ready.status) return null;
  const got = answer.status === null ? `not (${answer.reason})` : `with ${answer.status}`;
  return `${ready.url} answers ${got}, not with ${ready.status}`;
}
