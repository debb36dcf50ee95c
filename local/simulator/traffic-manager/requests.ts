import { z } from 'zod';
import type { Json } from '../../../src/core/json.ts';
import { Refusal, errorResponse } from '../errors.ts';
import type { Endpoint, EndpointType, MonitorConfig, Profile } from './profile.ts';

/** Answers send null for what is not set, and clients send answers back. */
function orElse<T>(schema: z.ZodType<T>, fallback: T): z.ZodType<T> {
  return schema.nullish().transform((value) => value ?? fallback);
}

const status = z.enum(['Enabled', 'Disabled']);
const rank = z.int().min(1).max(1000);

const endpointProperties = z.object({
  targetResourceId: z.string().nullish(),
  target: z.string().nullish(),
  endpointStatus: orElse(status, 'Enabled'),
  weight: orElse(rank, 1),
  priority: rank.nullish(),
  endpointLocation: z.string().nullish(),
  alwaysServe: orElse(status, 'Disabled'),
});

const endpointBody = z.object({ properties: endpointProperties });

const profileBody = z.object({
  tags: orElse(z.record(z.string(), z.string()), {}),
  properties: z.object({
    profileStatus: orElse(status, 'Enabled'),
    trafficRoutingMethod: z.string(),
    dnsConfig: z.object({ relativeName: z.string().min(1), ttl: orElse(z.int().min(0), 60) }),
    monitorConfig: z.object({
      protocol: z.enum(['HTTP', 'HTTPS', 'TCP']),
      port: z.int().min(1).max(65_535),
      path: orElse(z.string().startsWith('/').nullable(), null),
      intervalInSeconds: orElse(z.literal([10, 30]), 30),
      timeoutInSeconds: z.int().min(5).max(10).nullish(),
      toleratedNumberOfFailures: orElse(z.int().min(0).max(9), 3),
      expectedStatusCodeRanges: orElse(
        z
          .array(z.object({ min: z.int().min(100).max(999), max: z.int().min(100).max(999) }))
          .max(8),
        [],
      ),
    }),
    endpoints: orElse(
      z.array(
        z.object({ name: z.string().min(1), type: z.string(), properties: endpointProperties }),
      ),
      [],
    ),
  }),
});

/** The name behind an Azure resource; null when it does not exist or has no DNS label. */
export type TargetName = (resourceId: string) => string | null;

/** Reads a profile's PUT. Statuses of monitoring are the service's own and ignored. */
export function parseProfile(
  id: string,
  name: string,
  body: Json | undefined,
  targetName: TargetName,
): Profile {
  const { tags, properties } = parse(profileBody, body);
  if (properties.trafficRoutingMethod !== 'Priority') {
    throw new Refusal(
      errorResponse(
        501,
        'NotSimulated',
        `Routing method '${properties.trafficRoutingMethod}' is not simulated, only Priority.`,
      ),
    );
  }
  const profile: Profile = {
    id,
    name,
    tags,
    enabled: properties.profileStatus === 'Enabled',
    relativeName: properties.dnsConfig.relativeName,
    ttl: properties.dnsConfig.ttl,
    monitorConfig: monitorConfig(properties.monitorConfig),
    endpoints: [],
  };
  return properties.endpoints.reduce(
    (sofar, given) =>
      withEndpoint(
        sofar,
        endpointOf(sofar, endpointType(given.type), given.name, given.properties, targetName),
      ),
    profile,
  );
}

/** Reads an endpoint's PUT. */
export function parseEndpoint(
  profile: Profile,
  type: EndpointType,
  name: string,
  body: Json | undefined,
  targetName: TargetName,
): Endpoint {
  return endpointOf(profile, type, name, parse(endpointBody, body).properties, targetName);
}

/** The profile with this endpoint in the place of the one of its name, or at the end. */
export function withEndpoint(profile: Profile, endpoint: Endpoint): Profile {
  const rival = profile.endpoints.find(
    (each) => !sameName(each.name, endpoint.name) && each.priority === endpoint.priority,
  );
  if (rival !== undefined) {
    throw badRequest(
      `The priority ${endpoint.priority} of endpoint '${endpoint.name}' is taken by '${rival.name}'.`,
    );
  }
  const known = profile.endpoints.some((each) => sameName(each.name, endpoint.name));
  const endpoints = known
    ? profile.endpoints.map((each) => (sameName(each.name, endpoint.name) ? endpoint : each))
    : [...profile.endpoints, endpoint];
  return { ...profile, endpoints };
}

/** `azureEndpoints`, or the whole type name with the provider in front. */
export function endpointType(text: string): EndpointType {
  const last = text.split('/').at(-1)?.toLowerCase();
  if (last === 'azureendpoints') return 'azureEndpoints';
  if (last === 'externalendpoints') return 'externalEndpoints';
  throw new Refusal(
    errorResponse(501, 'NotSimulated', `Endpoints of type '${text}' are not simulated.`),
  );
}

export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

function endpointOf(
  profile: Profile,
  type: EndpointType,
  name: string,
  given: z.infer<typeof endpointProperties>,
  targetName: TargetName,
): Endpoint {
  const known = profile.endpoints.find((each) => sameName(each.name, name));
  const targetResourceId = type === 'azureEndpoints' ? (given.targetResourceId ?? null) : null;
  const target = targetResourceId === null ? given.target : targetName(targetResourceId);
  if (target === null || target === undefined) {
    throw badRequest(
      `The target of endpoint '${name}' does not exist or has no DNS name: ${targetResourceId ?? 'none given'}.`,
    );
  }
  return {
    type,
    name: known?.name ?? name,
    enabled: given.endpointStatus === 'Enabled',
    target,
    targetResourceId,
    weight: given.weight,
    priority: given.priority ?? known?.priority ?? nextPriority(profile),
    location: given.endpointLocation ?? null,
    alwaysServe: given.alwaysServe === 'Enabled',
    monitor: 'CheckingEndpoint',
  };
}

function nextPriority({ endpoints }: Profile): number {
  return Math.max(0, ...endpoints.map(({ priority }) => priority)) + 1;
}

type GivenMonitor = z.infer<typeof profileBody>['properties']['monitorConfig'];

function monitorConfig(given: GivenMonitor): MonitorConfig {
  const longest = given.intervalInSeconds === 10 ? 9 : 10;
  const timeoutInSeconds = given.timeoutInSeconds ?? longest;
  if (timeoutInSeconds > longest) {
    throw badRequest(
      `A time-out of ${timeoutInSeconds} s is too long for probes every ${given.intervalInSeconds} s.`,
    );
  }
  return { ...given, timeoutInSeconds };
}

function parse<T>(schema: z.ZodType<T>, body: Json | undefined): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw badRequest(
    parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

function badRequest(message: string): Refusal {
  return new Refusal(errorResponse(400, 'BadRequest', message));
}
