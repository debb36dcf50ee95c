import Module from 'node:module';
import net from 'node:net';
import { isRecord } from '../json.ts';

/** One function as the app registers it with the Functions host. */
export interface FunctionDefinition {
  readonly name: string;
  readonly bindings: Readonly<Record<string, Binding>>;
  readonly triggerName: string;
  readonly trigger: Binding;
  readonly callback: (...inputs: unknown[]) => unknown;
}

export interface Binding {
  readonly type: string;
  readonly direction?: string;
  readonly [property: string]: unknown;
}

/** The side of @azure/functions that turns what the host sends into arguments and results into what it gets back. */
export interface ProgrammingModel {
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>;
  getInvocationModel(context: unknown): InvocationModel;
}

export interface InvocationModel {
  getArguments(): Promise<{ context: object; inputs: unknown[] }>;
  invokeFunction(
    context: object,
    inputs: unknown[],
    handler: (...inputs: unknown[]) => unknown,
  ): Promise<unknown>;
  getResponse(context: object, result: unknown): Promise<{ returnValue?: TypedData | null }>;
}

/** A value on its way between host and app. */
export interface TypedData {
  readonly string?: string;
  readonly json?: string;
  readonly int?: number;
  readonly double?: number;
  readonly bytes?: Uint8Array;
  readonly http?: unknown;
}

export type Hook = (context: Record<string, unknown>) => unknown;
export type HookName = 'preInvocation' | 'postInvocation' | 'appStart' | 'appTerminate' | 'log';

/** What one load of an app has registered. */
export interface Registrations {
  readonly model: ProgrammingModel;
  readonly functions: readonly FunctionDefinition[];
  hooks(name: HookName): readonly Hook[];
}

/** A compiled function app in this process: one copy of its code, which can be started again and again. */
export interface FunctionApp {
  /** Runs the app's start anew and gives what it registered. */
  register(): Promise<Registrations>;
}

export type CoreLog = (level: string, category: string, message: string) => void;

/**
 * `load` imports a bundle and starts it. @azure/functions asks for its host once, at the first registration, and keeps
 * it for ever: so each copy of the bundle has one FunctionApp, and another copy (`app.js?instance=2`) another.
 */
export function createFunctionApp(load: () => Promise<unknown>, log: CoreLog): FunctionApp {
  const core = new Core(log);
  let checked = false;
  return {
    register: async () => {
      await withCore(core, load);
      const registrations = core.registrations();
      if (!checked) await refuseStreaming(registrations.model);
      checked = true;
      return registrations;
    },
  };
}

/** With streaming switched on, the library opens a port of its own, on every interface, as soon as it is asked for its capabilities. */
async function refuseStreaming(model: ProgrammingModel): Promise<void> {
  const { prototype } = net.Server;
  const listen: unknown = Reflect.get(prototype, 'listen');
  prototype.listen = () => {
    throw new Error('The local host does not do HTTP streaming (app.setup with enableHttpStream).');
  };
  try {
    await model.getCapabilities?.({});
  } finally {
    Reflect.set(prototype, 'listen', listen);
  }
}

class Core {
  readonly version = '3.99.0';
  readonly hostVersion = '4.99.0';
  readonly log: CoreLog;
  #model: ProgrammingModel | undefined;
  #open = false;
  readonly #functions = new Map<string, FunctionDefinition>();
  readonly #hooks = new Map<HookName, Hook[]>();

  constructor(log: CoreLog) {
    this.log = log;
  }

  /** Registrations are taken during a start only, as by the real worker. */
  open(): void {
    this.#functions.clear();
    for (const name of HOOK_NAMES) this.#hooks.set(name, []);
    this.#open = true;
  }

  close(): void {
    this.#open = false;
  }

  registrations(): Registrations {
    if (this.#model === undefined || this.#functions.size === 0) {
      throw new Error('The app registered no functions. Does it use @azure/functions 4?');
    }
    const hooks = new Map([...this.#hooks].map(([name, registered]) => [name, [...registered]]));
    return {
      model: this.#model,
      functions: [...this.#functions.values()],
      hooks: (name) => hooks.get(name) ?? [],
    };
  }

  readonly setProgrammingModel = (model: ProgrammingModel): void => {
    this.#model = model;
  };
  readonly getProgrammingModel = (): ProgrammingModel | undefined => this.#model;

  readonly registerHook = (name: HookName, hook: Hook): { dispose(): void } => {
    const hooks = this.#hooks.get(name);
    if (hooks === undefined) {
      throw Object.assign(new RangeError(`Unrecognized hook "${name}"`), {
        isAzureFunctionsSystemError: true,
      });
    }
    hooks.push(hook);
    return { dispose: () => void hooks.splice(hooks.indexOf(hook), 1) };
  };

  readonly registerFunction = (
    metadata: { readonly name: string; readonly bindings: Readonly<Record<string, Binding>> },
    callback: (...inputs: unknown[]) => unknown,
  ): { dispose(): void } => {
    const { name, bindings } = metadata;
    if (!this.#open) {
      throw new Error(
        'A function can only be registered during app startup. If it is: this copy of the bundle belongs to another host; import it as app.js?instance=2 for a copy of its own.',
      );
    }
    if (this.#functions.has(name))
      throw new Error(`A function with id "${name}" has already been registered.`);
    const [triggerName, trigger] =
      Object.entries(bindings).find(([, binding]) => /trigger$/i.test(binding.type)) ?? [];
    if (triggerName === undefined || trigger === undefined)
      throw new Error(`Function "${name}" has no trigger.`);
    this.#functions.set(name, { name, bindings, triggerName, trigger, callback });
    return { dispose: () => void this.#functions.delete(name) };
  };
}

const HOOK_NAMES: readonly HookName[] = [
  'preInvocation',
  'postInvocation',
  'appStart',
  'appTerminate',
  'log',
];

/** Loads follow one another: `require` belongs to the process, so only one load at a time can be told apart. */
const loads: { last: Promise<unknown> } = { last: Promise.resolve() };

async function withCore(core: Core, load: () => Promise<unknown>): Promise<void> {
  const before = loads.last;
  const mine = Promise.withResolvers<undefined>();
  loads.last = mine.promise;
  await before;
  const { prototype } = Module;
  const require: unknown = Reflect.get(prototype, 'require');
  if (!isCallable(require))
    throw new Error("Node's Module.prototype.require is gone; apps cannot be given their host.");
  // What the Functions worker does, too. ES module bundles get here through createRequire.
  Reflect.set(
    prototype,
    'require',
    new Proxy(require, {
      apply: (target, self, args) =>
        args[0] === '@azure/functions-core' ? core : Reflect.apply(target, self, args),
    }),
  );
  core.open();
  try {
    await load();
  } finally {
    core.close();
    Reflect.set(prototype, 'require', require);
    mine.resolve(undefined);
  }
}

function isCallable(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}

/** Settings in a binding: `%NAME%`. */
export function bindingText(binding: Binding, property: string): string | undefined {
  const value = binding[property];
  return typeof value === 'string' ? value : undefined;
}

export function bindingList(binding: Binding, property: string): readonly string[] | undefined {
  const value = binding[property];
  return Array.isArray(value) ? value.map(String) : undefined;
}

export function isFunctionApp(value: unknown): value is FunctionApp {
  return isRecord(value) && typeof value['register'] === 'function';
}
