import { RestError } from '@azure/core-rest-pipeline';
import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from '../../src/core/clock.ts';
import type { Log } from '../../src/core/log.ts';
import { folderSource } from '../../src/plan/folder-source.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import type { Platform } from '../../src/platform.ts';
import { createMemoryBlobs } from '../../src/records/memory-blobs.ts';
import type { MemoryBlobs } from '../../src/records/memory-blobs.ts';
import { createMemoryTables } from '../../src/records/memory-tables.ts';
import type { MemoryTables } from '../../src/records/memory-tables.ts';
import { parseSettings } from '../../src/settings.ts';
import type { Secrets } from '../../src/settings.ts';
import type { Webhook } from '../simulator/alerts/action-group.ts';
import { IDENTITY_HEADER } from '../simulator/identity/service.ts';
import { IN_PROCESS, createInProcessClient } from '../simulator/in-process.ts';
import { seededRandom } from '../simulator/random.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { CLIENT_IDS, webSphereCafe } from '../simulator/scenarios/websphere-cafe.ts';
import { createSimulator } from '../simulator/simulator.ts';
import type { Simulator } from '../simulator/simulator.ts';
import { SIGN_IN } from './principals.ts';
import { receiverSettings, withReceivers } from './receivers.ts';
import type { Receiver } from './receivers.ts';

export interface WorldOptions {
  readonly clock: Clock;
  readonly seed?: number;
  readonly scenario?: Scenario;
  readonly plans?: PlanSource;
  readonly auth?: 'entra' | 'keys';
  readonly log?: Log;
  /** How an action group's calls reach the app. */
  readonly webhook?: Webhook;
  /** Who can be told of things, by name. */
  readonly receivers?: Readonly<Record<string, Receiver>>;
  /** The clock that the app sees, where it is not the world's. */
  readonly appClock?: Clock;
  /** What stands between the app and Azure's APIs. */
  readonly azure?: (simulated: HttpClient, clock: Clock) => HttpClient;
  /** What answers probes and webhooks beside the simulated world. */
  readonly probes?: (simulated: HttpClient) => HttpClient;
  readonly secrets?: Secrets;
  /** An identity each for what looks, for planned and for unplanned executions, instead of one for all. */
  readonly identities?: boolean;
  /** Settings of the app beside those that lead it to this world. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Milliseconds that a request to Azure is under way. */
  readonly latency?: { readonly low: number; readonly high: number };
}

/** Everything outside the app, in one process and without sockets: Azure, the state store, the plans. */
export interface VirtualWorld {
  readonly simulator: Simulator;
  readonly tables: MemoryTables;
  readonly blobs: MemoryBlobs;
  readonly platform: Platform;
  readonly network: Network;
}

/** The app's own way out: while it is cut nothing that the app asks gets off its machine, and the rest of the world goes on. */
export interface Network {
  cut: boolean;
}

export function createVirtualWorld(options: WorldOptions): VirtualWorld {
  const { clock, seed = 1, auth = 'entra', receivers = {} } = options;
  // The SDK finds the managed identity by these; they are the platform's, not settings of the app.
  process.env['IDENTITY_ENDPOINT'] = IN_PROCESS.identity;
  process.env['IDENTITY_HEADER'] = IDENTITY_HEADER;
  const simulator = createSimulator({
    clock,
    seed,
    scenario: options.scenario ?? webSphereCafe(),
    ...(options.latency === undefined ? {} : { latency: options.latency }),
    ...(options.webhook === undefined ? {} : { webhook: options.webhook }),
  });
  const tables = createMemoryTables();
  slow(tables, clock, seededRandom(seed + 3000));
  const blobs = createMemoryBlobs();
  const network: Network = { cut: false };
  const http = through(network, createInProcessClient(simulator));
  const platform: Platform = {
    settings: parseSettings({
      AUTH: auth,
      ...(auth === 'entra' ? SIGN_IN : {}),
      ...(options.identities === true ? CLIENT_IDS : {}),
      AZURE_RESOURCE_MANAGER: IN_PROCESS.resourceManager,
      AZURE_METRICS_ENDPOINT: IN_PROCESS.metrics,
      ...receiverSettings(receivers),
      ...options.settings,
    }),
    clock: options.appClock ?? clock,
    random: seededRandom(seed + 1000),
    http: withReceivers(options.azure?.(http, clock) ?? http, receivers),
    secrets: options.secrets ?? (() => null),
    probes: options.probes?.(http) ?? http,
    dns: simulator.dns,
    tables,
    blobs,
    plans: options.plans ?? folderSource('plans'),
    log: options.log ?? (() => undefined),
  };
  return { simulator, tables, blobs, platform, network };
}

function through(network: Network, client: HttpClient): HttpClient {
  return {
    sendRequest: (request) =>
      network.cut && request.url.split('?')[0] !== IN_PROCESS.identity
        ? Promise.reject(new RestError('connect ENETUNREACH', { code: 'ENETUNREACH', request }))
        : client.sendRequest(request),
  };
}

/** Writes take their time, as Azure Tables' do: what happens in one moment here would hide what can come in between. */
function slow(tables: MemoryTables, clock: Clock, random: () => number): void {
  tables.onWrite({ before: () => clock.sleep(3 + random() * 5) });
}
