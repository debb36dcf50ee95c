import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import type { Azurite } from '../../local/azurite.ts';
import { startHostProgram } from '../../local/stack/host-program.ts';
import type { HostProgram } from '../../local/stack/host-program.ts';
import { SIGN_IN } from '../../local/stack/principals.ts';
import { startAside } from '../support/aside.ts';
import type { BoundaryFiles } from './boundaries.ts';

/** How many times faster than the app's own time Azure's passes. */
const SPEED = 20;
const BUNDLE = new URL('../../dist/local/app.js', import.meta.url);

/** What outlives the hosts, each in a process of its own: Azure and Azurite. */
export interface CrashBench {
  /** The control API of the simulated Azure. */
  control<T>(path: string, body?: object): Promise<T>;
  /** A host that knows this plan, on a new database, beside a new Azure and an empty store. */
  newWorld(plan: string): Promise<World>;
  close(): Promise<void>;
}

export interface World {
  readonly host: HostProgram;
  readonly files: BoundaryFiles;
  /** What the host and the app said. */
  log(): Promise<string>;
}

interface Azure {
  readonly settings: Readonly<Record<string, string>>;
  readonly controlUrl: string;
}

type Store = Pick<Azurite, 'connection'>;

export async function openCrashBench(factor: number): Promise<CrashBench> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const time = ['--since', String(Date.now()), '--factor', String(factor)];
  const [azurite, azure] = await Promise.all([
    startAside<Store>(new URL('../support/azurite.ts', import.meta.url), [
      ...['--folder', folder],
      ...['--data', join(folder, 'azurite')],
    ]),
    startAside<Azure>(new URL('azure.ts', import.meta.url), [
      ...time,
      ...['--folder', join(folder, 'azure'), '--speed', String(SPEED)],
    ]),
  ]);
  const control = async <T>(path: string, body?: object): Promise<T> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(`${azure.said.controlUrl}/${path}`, init)).json() as Promise<T>;
  };
  let worlds = 0;
  return {
    control,
    async newWorld(plan) {
      await Promise.all([control('reset', {}), empty(azurite.said)]);
      worlds += 1;
      const own = join(folder, String(worlds));
      const plans = join(own, 'plans');
      await mkdir(plans, { recursive: true });
      await writeFile(join(plans, 'plan.yaml'), plan);
      const cache = join(folder, 'compiled');
      return startWorld(own, time, environmentOf(azure.said, azurite.said, { plans, cache }));
    },
    async close() {
      await Promise.all([azure.end(), azurite.end()]);
    },
  };
}

async function startWorld(
  folder: string,
  time: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<World> {
  const files = { reached: join(folder, 'reached.txt'), deadly: join(folder, 'deadly.txt') };
  await writeFile(files.reached, '');
  const log = join(folder, 'host.log');
  const host = await startHostProgram({
    program: fileURLToPath(new URL('host.ts', import.meta.url)),
    arguments: [
      ...time,
      ...['--bundle', BUNDLE.href, '--db', join(folder, 'histories.db')],
      ...['--reached', files.reached, '--deadly', files.deadly],
    ],
    environment,
    port: 0,
    log,
  });
  return { host, files, log: () => readFile(log, 'utf8') };
}

function environmentOf(
  { settings }: Azure,
  { connection }: Store,
  { plans, cache }: { readonly plans: string; readonly cache: string },
): Readonly<Record<string, string | undefined>> {
  return {
    PATH: process.env['PATH'],
    ...settings,
    AUTH: 'entra',
    ...SIGN_IN,
    SWITCHOVER_TABLES: connection,
    SWITCHOVER_BLOBS: connection,
    SWITCHOVER_PLANS: plans,
    SWITCHOVER_SECRET_HOOKS: 'key',
    // Whoever dies so often does not compile the same again each time.
    NODE_COMPILE_CACHE: cache,
  };
}

async function empty({ connection }: Store): Promise<void> {
  const tables = TableServiceClient.fromConnectionString(connection, {
    allowInsecureConnection: true,
  });
  for await (const { name } of tables.listTables())
    if (name !== undefined) await tables.deleteTable(name);
  const blobs = BlobServiceClient.fromConnectionString(connection);
  for await (const { name } of blobs.listContainers()) await blobs.deleteContainer(name);
}
