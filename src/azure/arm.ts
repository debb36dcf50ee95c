import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpClient,
  type HttpMethods,
  type Pipeline,
  type PipelineRequest,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { acceptanceOf } from './acceptance.ts';
import type { Accepted } from './access.ts';
import { isObject, parseBody, textOf } from './body.ts';
import type { Budget } from './budget.ts';
import { PIPELINE, type Connection } from './connection.ts';
import { AzureError } from './errors.ts';
import { errorOfFailure, errorOfResponse, FOREIGN_ADDRESS, isSuccess } from './failures.ts';
import { beforeChange, type Read } from './read.ts';
import { within } from './within.ts';

/**
 * Resource Manager without a typed client, for what those cannot do: send a change exactly once and hand out the raw
 * answer (they start a poller, which asks and waits by itself), and write back a resource with the properties that
 * their models do not know.
 */
export interface Arm {
  change(operation: string, change: Change, signal: AbortSignal): Promise<Accepted>;
  /** Repeated like every read. */
  read(operation: string, path: string): Promise<Document>;
  /** Every element of a list, page by page; each page is repeated like every read. */
  list(operation: string, path: string): Promise<readonly Json[]>;
  /** Repeated like every read. `forChange`: a failure means that the change after it was not sent. */
  readForChange(operation: string, path: string): Promise<Document>;
  /** One GET, not repeated, of an address that a service gave. Any answer is returned. */
  look(operation: string, address: string): Promise<PipelineResponse>;
}

export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query below the endpoint. */
  readonly path: string;
  readonly body?: JsonObject;
  /** Not to be written when somebody else has written since. */
  readonly etag?: string;
}

export interface Document {
  readonly body: JsonObject;
  readonly etag: string | undefined;
}

/** A change is looked after by observing when its answer takes longer: the service has long accepted or never will. */
const CHANGE_MS = 30_000;
const LOOK_MS = 15_000;

export interface ArmOptions {
  readonly connection: Connection;
  readonly http: HttpClient;
  /** Repeats; for reads. */
  readonly reader: HttpClient;
  readonly read: Read;
  readonly clock: Clock;
  readonly budget: Budget;
}

export function createArm(options: ArmOptions): Arm {
  const { connection, reader, read, clock, budget } = options;
  const pipeline = createPipelineFromOptions(PIPELINE);
  const { credential, scope } = connection;
  pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: scope }));
  const once = createOnce(pipeline, options);
  const get = (operation: string, address: string): Promise<Document> =>
    read(operation, async () => {
      const response = await pipeline.sendRequest(reader, requestTo(address, 'GET'));
      return documentOf(response, operation, clock.now());
    });

  return {
    async change(operation, change, signal) {
      const request = requestTo(connection.endpoint + change.path, change.method, change);
      const response = await once(request, operation, CHANGE_MS, signal);
      return acceptanceOf(response, { operation, now: clock.now() });
    },
    read: (operation, path) => get(operation, connection.endpoint + path),
    async list(operation, path) {
      const items: Json[] = [];
      let next: string | null = connection.endpoint + path;
      while (next !== null) {
        const { body } = await get(operation, next);
        items.push(...listIn(body['value']));
        const link = textOf(body['nextLink']);
        next =
          link === null || link === '' ? null : addressOf(link, connection.endpoint, operation);
      }
      return items;
    },
    readForChange: (operation, path) => beforeChange(get(operation, connection.endpoint + path)),
    async look(operation, address) {
      const request = requestTo(addressOf(address, connection.endpoint, operation), 'GET');
      await budget.turn(request);
      return once(request, operation, LOOK_MS);
    },
  };
}

type Once = (
  request: PipelineRequest,
  operation: string,
  limitMs: number,
  outer?: AbortSignal,
) => Promise<PipelineResponse>;

/** Sends a request once, and knows whether it left when no answer comes. */
function createOnce(
  pipeline: Pipeline,
  { http, clock, budget }: Pick<ArmOptions, 'http' | 'clock' | 'budget'>,
): Once {
  return async (request, operation, limitMs, outer) => {
    let sent = false;
    const send = (abortSignal: AbortSignal): Promise<PipelineResponse> => {
      const transport: HttpClient = {
        sendRequest: (prepared) => {
          // The token may have come too late: what was given up must not leave after all.
          abortSignal.throwIfAborted();
          sent = true;
          return http.sendRequest(prepared);
        },
      };
      request.abortSignal = abortSignal;
      return pipeline.sendRequest(transport, request);
    };
    try {
      const response = await within(clock, limitMs, outer, send);
      budget.learn(request, response);
      return response;
    } catch (error) {
      throw errorOfFailure(error, { operation, now: clock.now() }, sent);
    }
  };
}

function requestTo(
  url: string,
  method: HttpMethods,
  { body, etag }: Pick<Change, 'body' | 'etag'> = {},
): PipelineRequest {
  const headers = createHttpHeaders({ accept: 'application/json' });
  if (etag !== undefined) headers.set('if-match', etag);
  if (body === undefined) return createPipelineRequest({ url, method, headers });
  headers.set('content-type', 'application/json');
  return createPipelineRequest({ url, method, headers, body: JSON.stringify(body) });
}

/** Our token goes to the configured Resource Manager only, whatever a stored address says. */
function addressOf(address: string, endpoint: string, operation: string): string {
  const absolute = /^\/(?!\/)/.test(address) ? endpoint + address : address;
  const origin = URL.canParse(absolute) ? new URL(absolute).origin : 'no host';
  // Not the parsed form: the signature in the address covers it as it was written.
  if (origin === endpoint) return absolute;
  throw new AzureError({
    effect: 'refused',
    code: FOREIGN_ADDRESS,
    message: `its address is at ${origin}, not at ${endpoint}, so it is not asked. Look at the resource.`,
    operation,
  });
}

function documentOf(response: PipelineResponse, operation: string, now: number): Document {
  const body = parseBody(response.bodyAsText);
  if (!isSuccess(response.status) || !isObject(body))
    throw errorOfResponse(response, { operation, now });
  const inBody = body['etag'];
  return {
    body,
    etag: response.headers.get('etag') ?? (typeof inBody === 'string' ? inBody : undefined),
  };
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
