import type { Log } from '../../src/core/log.ts';
import type { LocalClock } from '../clock/local-clock.ts';
import { HostKilled } from './durable/client.ts';
import type { CrashPoint, Hop, Latencies, TimerJitter } from './durable/hub.ts';
import { hasEnded, parseHistory } from './durable/protocol.ts';
import type { HistoryEvent } from './durable/protocol.ts';
import type { DurableStore, InstanceRow } from './durable/store.ts';
import { createFunctionApp, isFunctionApp } from './functions/registrations.ts';
import type { FunctionApp, Registrations } from './functions/registrations.ts';
import { hostSettings } from './host-json.ts';
import { startRun } from './host-run.ts';
import type { HostRun } from './host-run.ts';
import type { Keys, Principals } from './http/admission.ts';
import { listenOnLoopback } from './http/listener.ts';
import type { Listener } from './http/listener.ts';
import { toCall, toResponse } from './http/in-process-call.ts';
import type { HostRequest, HostResponse } from './http/in-process-call.ts';

export interface HostOptions {
  readonly clock: LocalClock;
  readonly store: DurableStore;
  /** Uniform in [0, 1): ids, jitter. */
  readonly random: () => number;
  /** Parsed host.json. */
  readonly hostJson?: unknown;
  readonly log?: Log;
  readonly latencies?: Latencies;
  readonly timerJitter?: TimerJitter;
  /** Every timer trigger runs once more, so much later: no platform promises that it does not. */
  readonly timersAgainMs?: number;
  /** What callers know the host as, before or without `listen`. */
  readonly baseUrl?: string;
  /** Absent: no key is asked for, as in Core Tools. */
  readonly keys?: Keys;
  readonly principals?: Principals;
  readonly onHop?: (hop: Hop) => void;
  /** Called before every write; may call `kill`. */
  readonly crashPoint?: (point: CrashPoint) => void;
}

/** Runs one function app as the Functions host does: triggers, HTTP and the durable engine, in this process. */
export interface Host {
  /**
   * `app` imports a copy of the app's bundle and starts it; it runs again with every start of the host. Several are
   * instances of one app that share what there is to do, as they do when the platform scales out.
   */
  load(app: FunctionApp | (() => Promise<unknown>), ...others: readonly FunctionApp[]): void;
  start(): Promise<void>;
  /** Finishes what is running, takes up nothing new. */
  stop(): Promise<void>;
  /** As if the process had died: everything in memory is gone, and nothing that was in flight writes any more. */
  kill(): void;
  /** Aborted when the present run of the host ends: what is built for the app should end with it. */
  life(): AbortSignal;
  /** Calls the app without a socket. Rejects when the host is killed before it answers. */
  fetch(request: HostRequest): Promise<HostResponse>;
  /** Opens the loopback port (0: any) and gives its address. It stays open over restarts. */
  listen(port: number): Promise<string>;
  /** Nothing queued, nothing running; timers may be waiting. */
  idle(): Promise<void>;
  ended(instanceId: string): Promise<InstanceRow>;
  instance(instanceId: string): InstanceRow | undefined;
  history(instanceId: string): readonly HistoryEvent[];
}

export function createHost(options: HostOptions): Host {
  return new LocalHost(options);
}

/** How long a stop waits for what is running. */
const GRACE_SECONDS = 30;

class LocalHost implements Host {
  readonly #options: HostOptions;
  readonly #watchers = new Set<() => void>();
  #apps: readonly FunctionApp[] = [];
  #run: HostRun | undefined;
  #listener: Listener | undefined;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  load(app: FunctionApp | (() => Promise<unknown>), ...others: readonly FunctionApp[]): void {
    const first = isFunctionApp(app)
      ? app
      : createFunctionApp(app, (level, _category, message) => {
          if (level === 'error' || level === 'warning') this.#log({ level, message });
        });
    this.#apps = [first, ...others];
  }

  async start(): Promise<void> {
    if (this.#apps.length === 0) throw new Error('Nothing is loaded: call load before start.');
    if (this.#run?.life.aborted === false)
      throw new Error('The host is running: stop or kill it before it starts again.');
    const { clock, store, random, keys, latencies, timerJitter, onHop, crashPoint } = this.#options;
    const { timersAgainMs } = this.#options;
    const { routePrefix, ...settings } = hostSettings(this.#options.hostJson ?? {});
    const release = clock.hold();
    try {
      const instances: Registrations[] = [];
      for (const app of this.#apps) instances.push(await app.register());
      this.#run = await startRun({
        instances,
        ...{ clock, store, random, keys, routePrefix },
        durable: {
          ...settings,
          latencies: latencies ?? {},
          timerJitter: timerJitter ?? { earlyMs: 0, lateMs: 0 },
        },
        principals: this.#options.principals ?? {},
        timersAgainMs,
        log: this.#log,
        publicOrigin: () => this.#origin(),
        onHop: onHop ?? (() => undefined),
        crashPoint: crashPoint ?? (() => undefined),
        onChange: () => [...this.#watchers].forEach((look) => look()),
      });
    } finally {
      release();
    }
  }

  async stop(): Promise<void> {
    const run = this.#run;
    if (run === undefined || run.life.aborted) return this.#closeListener();
    run.engine.drain();
    const rested = this.#until(() => !run.engine.isBusy());
    const patience = new AbortController();
    const { clock } = this.#options;
    await Promise.race([
      rested,
      clock.sleep(GRACE_SECONDS * 1000, patience.signal).catch(() => undefined),
    ]);
    patience.abort();
    await run.terminate();
    run.kill();
    await this.#closeListener();
  }

  kill(): void {
    this.#run?.kill();
  }

  life(): AbortSignal {
    return this.#running().life;
  }

  fetch(request: HostRequest): Promise<HostResponse> {
    const call = toCall(request, this.#origin());
    return this.#options.clock.run(async () => toResponse(await this.#running().answer(call)));
  }

  async listen(port: number): Promise<string> {
    this.#listener ??= await listenOnLoopback(async (call) => {
      try {
        return await this.#options.clock.run(() => this.#running().answer(call));
      } catch (error) {
        if (error instanceof HostKilled) return null;
        throw error;
      }
    }, port);
    return this.#origin();
  }

  idle(): Promise<void> {
    const { engine } = this.#running();
    return this.#until(() => engine.isIdle());
  }

  async ended(instanceId: string): Promise<InstanceRow> {
    const { store } = this.#options;
    const over = (): InstanceRow | undefined => {
      const row = store.instance(instanceId);
      return row !== undefined && hasEnded(row.status) ? row : undefined;
    };
    await this.#until(() => over() !== undefined);
    const row = over();
    if (row === undefined) throw new Error(`Instance ${instanceId} was purged as it ended.`);
    return row;
  }

  instance(instanceId: string): InstanceRow | undefined {
    return this.#options.store.instance(instanceId);
  }

  history(instanceId: string): readonly HistoryEvent[] {
    return parseHistory(this.#options.store.history(instanceId));
  }

  #running(): HostRun {
    if (this.#run === undefined) throw new Error('The host has not been started.');
    return this.#run;
  }

  #origin(): string {
    const { baseUrl } = this.#options;
    if (this.#listener !== undefined) return `http://127.0.0.1:${this.#listener.port}`;
    return baseUrl ?? 'http://localhost:7071';
  }

  /** Resolves as soon as the condition holds after some change. */
  #until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve();
    const reached = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
    });
    return this.#options.clock.wait(reached);
  }

  async #closeListener(): Promise<void> {
    await this.#listener?.close();
    this.#listener = undefined;
  }

  readonly #log: Log = (entry) => {
    if (this.#options.log !== undefined) this.#options.log(entry);
    else if (entry.level !== 'info') console.error(`[${entry.level}] ${entry.message}`);
  };
}
