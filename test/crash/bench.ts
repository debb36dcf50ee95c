import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TableServiceClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { startAzurite } from '../../local/azurite.ts';
import type { Azurite } from '../../local/azurite.ts';
import { startHostProgram } from '../../local/stack/host-program.ts';
import type { HostProgram } from '../../local/stack/host-program.ts';
import { SIGN_IN } from '../../local/stack/principals.ts';
import type { BoundaryFiles } from './boundaries.ts';

/**
 * How many times faster the app's own time passes, and how many times faster than that Azure's. Time-outs are fast, too:
 * twice as fast, and a preflight on a busy machine finds that nothing answers.
 */
const FACTOR = 10;
const SPEED = 20;
const BUNDLE = new URL('../../dist/local/app.js', import.meta.url);

/** What outlives the hosts, each in a process of its own: Azure and Azurite. */
export interface CrashBench {
  /** The control API of the simulated Azure. */
  control<T>(path: string, body?: object): Promise<T>;
  /** A host on a new database, beside a new Azure and an empty store. */
  newWorld(): Promise<World>;
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
  end(): Promise<void>;
}

export async function openCrashBench(): Promise<CrashBench> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const time = ['--since', String(Date.now()), '--factor', String(FACTOR)];
  const [azurite, azure] = await Promise.all([
    startAzurite(join(folder, 'azurite')),
    startAzure([...time, '--folder', join(folder, 'azure'), '--speed', String(SPEED)]),
  ]);
  const control = async <T>(path: string, body?: object): Promise<T> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(`${azure.controlUrl}/${path}`, init)).json() as Promise<T>;
  };
  let worlds = 0;
  return {
    control,
    async newWorld() {
      await Promise.all([control('reset', {}), empty(azurite)]);
      worlds += 1;
      return startWorld(join(folder, String(worlds)), time, environmentOf(azure, azurite));
    },
    async close() {
      await Promise.all([azure.end(), azurite.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}

async function startWorld(
  folder: string,
  time: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<World> {
  await mkdir(folder);
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
  { connection }: Azurite,
): Readonly<Record<string, string | undefined>> {
  return {
    PATH: process.env['PATH'],
    ...settings,
    AUTH: 'entra',
    ...SIGN_IN,
    SWITCHOVER_TABLES: connection,
    SWITCHOVER_BLOBS: connection,
    SWITCHOVER_PLANS: resolve('plans'),
  };
}

/** Ends with us, by whatever death: its input is ours. */
async function startAzure(options: readonly string[]): Promise<Azure> {
  const program = fileURLToPath(new URL('azure.ts', import.meta.url));
  const child = spawn(process.execPath, [program, ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    const { settings, controlUrl } = JSON.parse(line) as Pick<Azure, 'settings' | 'controlUrl'>;
    return {
      settings,
      controlUrl,
      async end() {
        child.stdin.end();
        await ended;
      },
    };
  }
  throw new Error('The simulated Azure ended before it was ready.');
}

async function empty({ connection }: Azurite): Promise<void> {
  const tables = TableServiceClient.fromConnectionString(connection, {
    allowInsecureConnection: true,
  });
  for await (const { name } of tables.listTables())
    if (name !== undefined) await tables.deleteTable(name);
  const blobs = BlobServiceClient.fromConnectionString(connection);
  for await (const { name } of blobs.listContainers()) await blobs.deleteContainer(name);
}
