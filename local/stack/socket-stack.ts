import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { folderSource } from '../../src/plan/folder-source.ts';
import { IN_BLOBS } from '../../src/settings.ts';
import type { Settings } from '../../src/settings.ts';
import { startAzurite, stopAzurite } from '../azurite.ts';
import type { Azurite } from '../azurite.ts';
import { createRealClock } from '../clock/real.ts';
import { webhookOverSockets } from '../simulator/alerts/over-sockets.ts';
import { webSphereCafe } from '../simulator/scenarios/websphere-cafe.ts';
import { startSimulatorServer } from '../simulator/server.ts';
import type { SimulatorServer } from '../simulator/server.ts';
import { createSimulator } from '../simulator/simulator.ts';
import { startHostProgram } from './host-program.ts';
import type { HostProgram } from './host-program.ts';
import { PRINCIPALS, SIGN_IN } from './principals.ts';
import { pushPlans } from './push-plans.ts';
import { keepPrograms } from './programs.ts';
import type { Programs } from './programs.ts';

export interface SocketStackOptions {
  /** Everything that the stack keeps. What an earlier one left there is removed: its Azure is gone, too. */
  readonly folder: string;
  /** What `npm run build` made: `dist`. */
  readonly build: string;
  /** How many times faster than the real one the simulated Azure is. */
  readonly speed: number;
  readonly auth?: Settings['AUTH'];
  readonly plans?: string;
  /** The plans of that folder are pushed when the app is up; it reads the folder itself otherwise. */
  readonly pushes?: boolean;
  /** The folder of an unzipped package: its app, settings and plans run in place of the build's. */
  readonly package?: string;
  /** The app's port; any free one when absent. */
  readonly port?: number;
}

/** The whole stack in processes and on sockets, in real time: what differs from Azure is settings. */
export interface SocketStack {
  readonly azurite: Azurite;
  readonly azure: SimulatorServer;
  readonly host: HostProgram;
  /** What the host and the app say. */
  readonly log: string;
  /** Ends, by their ids, the processes that were started here. */
  stop(): Promise<void>;
}

/** The function keys of a stack with AUTH=keys. */
export const KEYS = { _master: 'local-master-key', default: 'local-function-key' } as const;

export async function startSocketStack(options: SocketStackOptions): Promise<SocketStack> {
  const { folder, speed } = options;
  const data = join(folder, 'azurite');
  await sweep(folder, data);
  const [azurite, azure] = await Promise.all([
    startAzurite(data),
    startSimulatorServer({
      folder: join(folder, 'simulator'),
      create: () =>
        createSimulator({
          clock: createRealClock(),
          scenario: webSphereCafe(),
          speed,
          webhook: webhookOverSockets,
        }),
    }),
  ]);
  const log = join(folder, 'host.log');
  const endOutside = async (): Promise<void> => {
    await Promise.all([azure.close(), azurite.stop()]);
  };
  try {
    const host = await startHost(options, azure, azurite, log);
    if (options.pushes === true) await pushPlans(host.address, folderSource(plansOf(options)));
    const stop = async (): Promise<void> => {
      await host.stop();
      await endOutside();
    };
    return { azurite, azure, host, log, stop };
  } catch (error) {
    await endOutside();
    throw error;
  }
}

/** A stack that was killed leaves its Azurite behind. */
async function sweep(folder: string, data: string): Promise<void> {
  await stopAzurite(data);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
}

async function startHost(
  options: SocketStackOptions,
  azure: SimulatorServer,
  azurite: Azurite,
  log: string,
): Promise<HostProgram> {
  const { folder, build, port = 0, auth = 'entra' } = options;
  const programs = await keepPrograms(build, join(folder, 'programs'));
  const settings = join(folder, 'settings.json');
  await writeFile(
    settings,
    JSON.stringify({ LocalHost: auth === 'entra' ? { principals: PRINCIPALS } : { keys: KEYS } }),
  );
  return startHostProgram({
    program: programs.host,
    arguments: [
      ...['--app', resolve(await appOf(options.package, programs))],
      ...['--host-json', join(options.package ?? '.', 'host.json')],
      ...['--db', join(folder, 'histories.db')],
      ...['--settings', settings],
    ],
    port,
    log,
    environment: {
      ...machineOnly(process.env),
      ...azure.settings,
      AUTH: auth,
      ...(auth === 'entra' ? SIGN_IN : {}),
      SWITCHOVER_TABLES: azurite.connection,
      SWITCHOVER_BLOBS: azurite.connection,
      SWITCHOVER_PLANS: options.pushes === true ? IN_BLOBS : plansOf(options),
    },
  });
}

function plansOf(options: SocketStackOptions): string {
  return resolve(options.plans ?? join(options.package ?? '.', 'plans'));
}

/** A package says itself what is to be loaded. */
async function appOf(folder: string | undefined, { app }: Programs): Promise<string> {
  if (folder === undefined) return app;
  const text = await readFile(join(folder, 'package.json'), 'utf8');
  const { main } = JSON.parse(text) as { main: string };
  return join(folder, main);
}

/** What a process needs of the machine. Settings of the shell, such as a proxy or somebody's real Azure, stay out. */
function machineOnly(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'SystemRoot'];
  return Object.fromEntries(names.map((name) => [name, environment[name]]));
}
