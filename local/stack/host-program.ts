import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createWriteStream, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

const STOP_TIMEOUT_MS = 20_000;

export interface HostProgramOptions {
  /** The program compiled from local/host.ts. */
  readonly program: string;
  /** `--app`, `--db` and so on, without the port. */
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** 0 takes any free one at the first start, and the same at each later one. */
  readonly port: number;
  /** What the host and the app say. */
  readonly log: string;
}

/** The local host as a process of its own, which can be killed and started again on the same data. */
export interface HostProgram {
  readonly pid: number;
  readonly address: string;
  /** Resolves when the present process has ended, whoever ended it. */
  readonly ended: Promise<unknown>;
  start(): Promise<void>;
  /** As the kernel kills: nothing is written or told any more. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface Process {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
}

interface Running extends Process {
  readonly pid: number;
  readonly address: string;
}

export async function startHostProgram(options: HostProgramOptions): Promise<HostProgram> {
  let newest = launch(options, options.port);
  let running = await ready(newest, options);
  // Also of one that is still starting: it would outlive us, and work on what the next one works on.
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    const { child, ended } = newest;
    child.kill(signal);
    await ended;
  };
  return {
    get pid() {
      return running.pid;
    },
    get address() {
      return running.address;
    },
    get ended() {
      return running.ended;
    },
    async start() {
      newest = launch(options, Number(new URL(running.address).port));
      running = await ready(newest, options);
    },
    kill: () => end('SIGKILL'),
    async stop() {
      const late = new AbortController();
      const patience = pause(STOP_TIMEOUT_MS, undefined, { signal: late.signal }).then(
        () => end('SIGKILL'),
        () => undefined,
      );
      await end('SIGTERM');
      late.abort();
      await patience;
    },
  };
}

function launch(options: HostProgramOptions, port: number): Process {
  const log = openSync(options.log, 'a');
  // Detached, so that an interrupt at the terminal reaches only the one who stops everything in order.
  const child = spawn(
    process.execPath,
    [options.program, ...options.arguments, '--port', String(port), '--end-with-input'],
    { stdio: ['pipe', 'pipe', log], env: { ...options.environment }, detached: true },
  );
  closeSync(log);
  // What it says without complaint belongs into the log, too; and a pipe that nobody reads would fill and stop it.
  child.stdout?.pipe(createWriteStream(options.log, { flags: 'a' }));
  return { child, ended: once(child, 'exit') };
}

async function ready({ child, ended }: Process, { log }: HostProgramOptions): Promise<Running> {
  const address = await Promise.race([readiness(child.stdout), ended.then(() => null)]);
  if (address === null || child.pid === undefined) {
    throw new Error(`The host ended before it was ready; ${log} says why.`);
  }
  return { child, pid: child.pid, address, ended };
}

/** The host says where it listens. */
function readiness(output: Readable | null): Promise<string> {
  return new Promise((resolve) => {
    if (output === null) return;
    createInterface({ input: output }).on('line', (line) => {
      const [, address] = /^READY (.+)$/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
    });
  });
}
