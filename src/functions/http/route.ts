import type { z } from 'zod';
import { SwitchoverError, messageOf } from '../../core/errors.ts';
import type { Principal } from '../../core/principal.ts';
import type { DurableDoor } from '../../orchestration/door.ts';
import { allowed } from '../access/permissions.ts';
import type { Deed } from '../access/permissions.ts';
import { principalOf } from '../access/principal.ts';
import type { Services } from '../services.ts';
import { refuseOtherSites, wantsOwnHeader } from './cross-site.ts';
import type { LimitName } from './limits.ts';
import { problem } from './problem.ts';
import type { WebAnswer, WebRequest } from './exchange.ts';

/** One address of the API and what can be done there. */
export interface Route {
  /** The function's name in Azure. */
  readonly name: string;
  /** The host's template: `api/plans/{name}`. */
  readonly path: string;
  /** Starts or wakes orchestrations: only such a route gets Durable's client. */
  readonly durable?: boolean;
  readonly methods: Readonly<Partial<Record<Method, Operation | OpenOperation>>>;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What clients are told of an operation, and the schemas that `handle` parses with. */
export interface Described {
  /** What it does, as a sentence without its full stop. */
  readonly summary: string;
  /** What a success answers. */
  readonly answers: string;
  /** 200 when absent. */
  readonly status?: 202;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The body is a text of this type. */
  readonly text?: string;
  /** Request headers that mean something, with what they mean. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Refused before `handle` is called to anybody who may not do the deed. */
export interface Operation extends Described {
  readonly deed: Deed;
  /** Sent by services that cannot be told to send a header of ours; says why no page of another site can. */
  readonly fromElsewhere?: string;
  readonly limit?: LimitName;
  handle(call: Call): Promise<WebAnswer>;
}

/** Answers everybody, without sign-in and key. */
export interface OpenOperation extends Described {
  readonly open: true;
  readonly limit: LimitName;
  handle(call: OpenCall): Promise<WebAnswer>;
}

export interface OpenCall {
  readonly request: WebRequest;
  readonly services: Services;
}

export interface Call extends OpenCall {
  readonly by: Principal;
  /** For a deed that only the body names. */
  readonly allow: (deed: Deed) => Principal;
  readonly door: () => DurableDoor;
}

export interface Surroundings {
  readonly services: Services;
  readonly door: () => DurableDoor;
  /** Told what nobody meant to throw. */
  readonly report: (message: string, error: unknown) => void;
}

export function isOpen(route: Route): boolean {
  return Object.values(route.methods).some((operation) => 'open' in operation);
}

/** Answers one request at one route: never throws. */
export async function respond(
  route: Route,
  request: WebRequest,
  surroundings: Surroundings,
): Promise<WebAnswer> {
  const instance = new URL(request.url).pathname;
  try {
    const operation = isMethod(request.method) ? route.methods[request.method] : undefined;
    if (operation === undefined) return methodNotAllowed(route, request.method, instance);
    return await carriedOut(operation, request, surroundings);
  } catch (error) {
    if (!(error instanceof SwitchoverError && error.isMistake)) {
      surroundings.report(`${request.method} ${instance} failed: ${messageOf(error)}`, error);
    }
    return problem(error, instance);
  }
}

async function carriedOut(
  operation: Operation | OpenOperation,
  request: WebRequest,
  { services, door }: Surroundings,
): Promise<WebAnswer> {
  if ('open' in operation) {
    services.limits.admit(operation.limit);
    return operation.handle({ request, services });
  }
  const principal = principalOf(services.access, request.headers);
  const allow = (deed: Deed): Principal => allowed(principal, deed);
  const by = allow(operation.deed);
  if (wantsOwnHeader(request.method, operation)) refuseOtherSites(request);
  // Only now: whoever may not come in cannot use up the room of those who may.
  if (operation.limit !== undefined) services.limits.admit(operation.limit);
  return operation.handle({ request, services, by, allow, door });
}

function isMethod(text: string): text is Method {
  return ['GET', 'POST', 'PUT', 'DELETE'].includes(text);
}

function methodNotAllowed(route: Route, method: string, instance: string): WebAnswer {
  const allow = Object.keys(route.methods).join(', ');
  const error = new SwitchoverError(
    'METHOD_NOT_ALLOWED',
    `${instance} does not take ${method}, only ${allow}.`,
  );
  return problem(error, instance, { allow });
}

/** The value that the host took out of the address for `{name}` of the template. */
export function parameter(request: WebRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`The route has no {${name}}.`);
  return value;
}
