import type { Log } from '../../src/core/log.ts';
import type { LocalClock } from '../clock/local-clock.ts';
import { refuseUnknownBindings } from './bindings.ts';
import { clientBinding, RPC_PATH, WEBHOOK_PATH } from './durable/binding.ts';
import { HostKilled } from './durable/client.ts';
import { createEngine } from './durable/engine.ts';
import type { Engine } from './durable/engine.ts';
import type { CrashPoint, DurableOptions, Hop } from './durable/hub.ts';
import { manage } from './durable/management.ts';
import type { DurableStore } from './durable/store.ts';
import { invoke } from './functions/invocation.ts';
import type { Invocation, InvocationResult } from './functions/invocation.ts';
import type { FunctionDefinition, HookName, Registrations } from './functions/registrations.ts';
import { DURABLE_KEY, mayCall, mayManage, signIn } from './http/admission.ts';
import type { Keys, Principals } from './http/admission.ts';
import { emptyAnswer } from './http/call.ts';
import type { HttpAnswer, HttpCall } from './http/call.ts';
import { httpAnswer, httpTriggerData } from './http/function-call.ts';
import { openInProcess } from './http/in-process.ts';
import { httpRoutes } from './http/routes.ts';
import type { Route } from './http/routes.ts';
import { newGuid } from './random.ts';
import { startSchedules } from './schedules.ts';

export interface RunOptions {
  /** What each instance of the app has registered: the same functions. */
  readonly instances: readonly Registrations[];
  readonly clock: LocalClock;
  readonly store: DurableStore;
  readonly random: () => number;
  readonly log: Log;
  readonly durable: DurableOptions;
  readonly routePrefix: string;
  readonly keys: Keys | undefined;
  readonly principals: Principals;
  readonly timersAgainMs: number | undefined;
  /** The origin that callers use; known only once the host listens. */
  readonly publicOrigin: () => string;
  readonly onHop: (hop: Hop) => void;
  readonly crashPoint: (point: CrashPoint) => void;
  readonly onChange: () => void;
}

/** One life of a host: from a start of the app to its stop or its death. */
export interface HostRun {
  readonly engine: Engine;
  readonly life: AbortSignal;
  /** Everything in memory is gone; whatever is in flight can no longer write. */
  kill(): void;
  /** The public door. Rejects with HostKilled when the host dies before the answer. */
  answer(call: HttpCall): Promise<HttpAnswer>;
  terminate(): Promise<void>;
}

export async function startRun(options: RunOptions): Promise<HostRun> {
  refuseUnknownBindings(functionsOf(options));
  const run = new Run(options);
  try {
    await run.start();
  } catch (error) {
    run.kill();
    throw error;
  }
  return run;
}

class Run implements HostRun {
  readonly engine: Engine;
  readonly #options: RunOptions;
  readonly #death = new AbortController();
  readonly #routes: readonly Route[];
  readonly #rpc = openInProcess((call) => this.#answerClient(call));

  constructor(options: RunOptions) {
    this.#options = options;
    const functions = functionsOf(options);
    this.#routes = httpRoutes(functions, options.routePrefix);
    const { clock, store, random, log, durable, onHop } = options;
    const orchestrators = byName(functions, 'orchestrationtrigger');
    const activities = byName(functions, 'activitytrigger');
    const parts = {
      ...{ store, clock, random, log, onHop, options: durable, life: this.life },
      orchestrator: (name: string) => orchestrators.get(name.toLowerCase()),
      activity: (name: string) => activities.get(name.toLowerCase()),
      orchestratorNames: () => [...orchestrators.values()].map((definition) => definition.name),
      invoke: (invocation: Omit<Invocation, 'invocationId' | 'log'>) => this.#invoke(invocation),
    };
    this.engine = createEngine(parts, {
      crashPoint: options.crashPoint,
      onChange: options.onChange,
    });
  }

  get life(): AbortSignal {
    return this.#death.signal;
  }

  async start(): Promise<void> {
    await this.#callHooks('appStart');
    this.engine.start();
    startSchedules(this.engine.hub, functionsOf(this.#options), this.#options.timersAgainMs);
  }

  terminate(): Promise<void> {
    return this.#callHooks('appTerminate');
  }

  async #callHooks(name: HookName): Promise<void> {
    for (const instance of this.#options.instances)
      for (const hook of instance.hooks(name)) await hook({ hookData: {} });
  }

  kill(): void {
    this.#death.abort(new HostKilled());
    this.#rpc.close();
  }

  async answer(call: HttpCall): Promise<HttpAnswer> {
    const died = Promise.withResolvers<never>();
    const die = (): void => died.reject(new HostKilled());
    // Nobody is there to take it: the app must not see it.
    if (this.life.aborted) throw new HostKilled();
    this.life.addEventListener('abort', die, { once: true });
    try {
      return await Promise.race([died.promise, this.#route(call)]);
    } finally {
      this.life.removeEventListener('abort', die);
    }
  }

  async #route(received: HttpCall): Promise<HttpAnswer> {
    const { keys, principals } = this.#options;
    if (received.url.pathname.startsWith(`${WEBHOOK_PATH}/`)) {
      return mayManage(received, keys) ? this.#manage(received, WEBHOOK_PATH) : emptyAnswer(401);
    }
    for (const route of this.#routes) {
      const params = route.match(received.url.pathname);
      // The Functions host routes by method, too: a path that exists for others only is not found.
      if (params === undefined || !route.methods.includes(received.method)) continue;
      if (!mayCall(received, route.definition, keys)) return emptyAnswer(401);
      const headers = signIn(received.headers, principals);
      if (headers === undefined) return emptyAnswer(401);
      return this.#call(route, { ...received, headers }, params);
    }
    return emptyAnswer(404);
  }

  async #call(
    route: Route,
    call: HttpCall,
    params: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    this.#options.onHop('http');
    const result = await this.#invoke({
      definition: route.definition,
      trigger: httpTriggerData(call, params),
    });
    if (result.ok) return httpAnswer(result.returned);
    const { thrown } = result;
    const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    this.#options.log({
      level: 'error',
      message: `HTTP function '${route.definition.name}' failed: ${text}`,
    });
    return emptyAnswer(500);
  }

  #manage(call: HttpCall, root: string): HttpAnswer {
    const systemKey = this.#options.keys?.[DURABLE_KEY] ?? '';
    return manage(this.engine.hub, { call, path: call.url.pathname.slice(root.length), systemKey });
  }

  async #answerClient(call: HttpCall): Promise<HttpAnswer | null> {
    return this.life.aborted ? null : this.#manage(call, RPC_PATH);
  }

  #invoke(invocation: Omit<Invocation, 'invocationId' | 'log'>): Promise<InvocationResult> {
    const { random, log, publicOrigin, keys } = this.#options;
    const client = {
      string: clientBinding(publicOrigin(), this.#rpc.origin, keys?.[DURABLE_KEY] ?? ''),
    };
    const { instance, definition } = this.#instanceFor(invocation.definition);
    return invoke(instance, {
      ...invocation,
      definition,
      invocationId: newGuid(random),
      inputs: { durableClient: client, orchestrationClient: client },
      log: (level, message) =>
        log({ level: logLevel(level), message, data: { function: definition.name } }),
    });
  }

  /** Whoever of several is free first takes it: any. */
  #instanceFor(definition: FunctionDefinition): {
    readonly instance: Registrations;
    readonly definition: FunctionDefinition;
  } {
    const { instances, random } = this.#options;
    const [first] = instances;
    const instance =
      instances.length > 1 ? instances[Math.floor(random() * instances.length)] : first;
    if (instance === undefined) throw new Error('No instance of the app is there.');
    const own = instance.functions.find(({ name }) => name === definition.name);
    return { instance, definition: own ?? definition };
  }
}

function functionsOf({ instances }: RunOptions): readonly FunctionDefinition[] {
  return instances[0]?.functions ?? [];
}

function logLevel(level: string): 'info' | 'warning' | 'error' {
  if (level === 'error' || level === 'critical') return 'error';
  return level === 'warning' ? 'warning' : 'info';
}

function byName(
  functions: readonly FunctionDefinition[],
  trigger: string,
): Map<string, FunctionDefinition> {
  const chosen = functions.filter(
    (definition) => definition.trigger.type.toLowerCase() === trigger,
  );
  return new Map(chosen.map((definition) => [definition.name.toLowerCase(), definition]));
}
