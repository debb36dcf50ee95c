import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';

/** Azurite's published development account: a key that protects nothing. */
const ACCOUNT = 'devstoreaccount1';
const KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
const HOST = '127.0.0.1';
const LOOK_AGAIN_MS = 50;
/** Whoever else listens there may never answer. */
const ANSWER_MS = 5_000;
const START_TRIES = 3;
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export interface Azurite {
  readonly pid: number;
  /** Opens its blobs and its tables. */
  readonly connection: string;
  stop(): Promise<void>;
}

const runningSchema = z.object({ pid: z.int(), blobPort: z.int(), tablePort: z.int() });
type Running = z.infer<typeof runningSchema>;

/**
 * Starts Azurite on `folder` as a process of its own, or finds the one that runs there already: it outlives a host
 * that is killed. Resolves when blobs and tables answer. It writes its data to disk every five seconds and when it is
 * stopped; killing it loses what it acknowledged since.
 */
export async function startAzurite(folder: string): Promise<Azurite> {
  await mkdir(folder, { recursive: true });
  const note = join(folder, 'running.json');
  const running = (await findRunning(note)) ?? (await launch(folder, note));
  const { pid, blobPort, tablePort } = running;
  return {
    pid,
    connection: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${ACCOUNT}`,
      `AccountKey=${KEY}`,
      `BlobEndpoint=http://${HOST}:${blobPort}/${ACCOUNT}`,
      `TableEndpoint=http://${HOST}:${tablePort}/${ACCOUNT}`,
    ].join(';'),
    async stop() {
      await end(pid);
      await rm(note, { force: true });
    },
  };
}

/** Ends the one that runs on `folder`, if any: left behind by somebody who was killed. */
export async function stopAzurite(folder: string): Promise<void> {
  const note = join(folder, 'running.json');
  const running = await findRunning(note);
  if (running !== null) await end(running.pid);
  await rm(note, { force: true });
}

/** Somebody else may take a port between our finding it free and Azurite's listening there: then it ends at once. */
async function launch(folder: string, note: string): Promise<Running> {
  const log = join(folder, 'azurite.log');
  for (let tries = 1; tries <= START_TRIES; tries += 1) {
    const running = await spawnAzurite(folder, log);
    const { pid, tablePort } = running;
    await writeFile(note, JSON.stringify(running));
    // Its tables come up last.
    const settled = await within(START_TIMEOUT_MS, async () => !alive(pid) || answers(tablePort));
    if (settled && alive(pid)) return running;
    if (!settled) throw new Error(`Azurite (process ${pid}) does not answer; ${log} may say why.`);
  }
  throw new Error(`Azurite ended ${START_TRIES} times as it started; ${log} says why.`);
}

async function spawnAzurite(folder: string, log: string): Promise<Running> {
  const [blobPort, queuePort, tablePort] = await Promise.all([freePort(), freePort(), freePort()]);
  const script = createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js');
  const options = [
    ['--location', folder],
    ['--blobPort', String(blobPort), '--queuePort', String(queuePort)],
    ['--tablePort', String(tablePort), '--silent', '--disableTelemetry', '--skipApiVersionCheck'],
  ];
  const output = await open(log, 'a');
  // Detached, so that an interrupt meant for the host does not reach it.
  const child = spawn(process.execPath, [script, ...options.flat()], {
    stdio: ['ignore', output.fd, output.fd],
    detached: true,
  });
  await output.close();
  child.unref();
  const { pid } = child;
  if (pid === undefined) throw new Error(`Azurite could not be started with ${process.execPath}.`);
  return { pid, blobPort, tablePort };
}

async function findRunning(note: string): Promise<Running | null> {
  const text = await readFile(note, 'utf8').catch(() => null);
  if (text === null) return null;
  const running = runningSchema.parse(JSON.parse(text));
  return alive(running.pid) && (await answers(running.tablePort)) ? running : null;
}

async function end(pid: number): Promise<void> {
  if (!alive(pid)) return;
  process.kill(pid, 'SIGTERM');
  const gone = await within(STOP_TIMEOUT_MS, async () => !alive(pid));
  if (!gone) throw new Error(`Azurite (process ${pid}) does not stop; end it by hand.`);
}

async function within(milliseconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  const limit = Date.now() + milliseconds;
  while (Date.now() < limit) {
    if (await holds()) return true;
    await pause(LOOK_AGAIN_MS);
  }
  return false;
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Somebody else may listen there by now: Azurite says who it is. */
async function answers(port: number): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const answer = await fetch(`http://${HOST}:${port}/`, { signal }).catch(() => null);
  await answer?.body?.cancel();
  return answer?.headers.get('server')?.startsWith('Azurite') === true;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, HOST, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
