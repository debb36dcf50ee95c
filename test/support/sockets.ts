import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { startSocketStack } from '../../local/stack/socket-stack.ts';
import type { SocketStack, SocketStackOptions } from '../../local/stack/socket-stack.ts';
import type { JournalEntry } from '../../local/simulator/journal.ts';
import type { CafeReport } from '../../local/simulator/cafe/clients.ts';
import type { SimulatorState } from '../../local/simulator/control.ts';

/** Made by `npm run build`, which `npm test` runs first. */
const BUILD = fileURLToPath(new URL('../../dist', import.meta.url));

/** The stack in processes, with the compiled command line, in a folder of its own. */
export interface SocketBench extends SocketStack {
  readonly folder: string;
  /** Runs the command line as somebody does in a terminal. */
  switchover(words: string, environment?: Readonly<Record<string, string>>): Promise<Ran>;
  /** The same, heard while it talks. */
  overhear(words: string, heard: (talk: string) => void): Promise<Ran>;
  /** Speaks HTTP to the app. */
  call(path: string, given?: Given): Promise<Answer>;
  /** Asks the simulated world's control API. */
  journal(): Promise<readonly JournalEntry[]>;
  cafe(): Promise<CafeReport>;
  state(): Promise<SimulatorState>;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
}

export interface Given {
  /** A local test principal. */
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Makes it a POST. */
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export async function openSockets(
  options: Pick<SocketStackOptions, 'auth' | 'plans' | 'pushes' | 'package'> = {},
): Promise<SocketBench> {
  const folder = await mkdtemp(join(tmpdir(), 'sockets-'));
  const stack = await startSocketStack({
    folder: join(folder, 'stack'),
    build: BUILD,
    speed: 200,
    ...options,
  });
  const cli = join(folder, 'switchover.mjs');
  const operator = { SWITCHOVER_TOKEN: 'local:operator' };
  const ask = (words: string, environment: Readonly<Record<string, string>>, heard = NOBODY) =>
    run(cli, words, { SWITCHOVER_URL: stack.host.address, ...environment }, heard);
  await cp(join(BUILD, 'cli', 'switchover.js'), cli);
  const control = async <T>(path: string): Promise<T> =>
    (await fetch(`${stack.azure.controlUrl}/${path}`)).json() as Promise<T>;
  return {
    folder,
    azurite: stack.azurite,
    azure: stack.azure,
    host: stack.host,
    log: stack.log,
    switchover: (words, environment = operator) => ask(words, environment),
    overhear: (words, heard) => ask(words, operator, heard),
    call: (path, given = {}) => call(`${stack.host.address}${path}`, given),
    journal: () => control('journal'),
    cafe: () => control('cafe'),
    state: () => control('state'),
    async stop() {
      await stack.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const NOBODY: (talk: string) => void = () => undefined;

/** Words in double quotes stay together. */
async function run(
  program: string,
  words: string,
  environment: Readonly<Record<string, string>>,
  heard: (talk: string) => void,
): Promise<Ran> {
  const list = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const child = spawn(process.execPath, [program, ...list], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...environment },
  });
  child.stderr.setEncoding('utf8').on('data', heard);
  const [out, talk] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code: child.exitCode ?? -1, out, talk };
}

async function call(url: string, { as, headers = {}, body }: Given): Promise<Answer> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer local:${as}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'x-switchover': '1' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said = await answer.text();
  return { status: answer.status, body: said === '' ? {} : (JSON.parse(said) as Answer['body']) };
}

/** What the app and its host said, for a test that failed. */
export function logOf({ log }: SocketBench): Promise<string> {
  return readFile(log, 'utf8');
}
