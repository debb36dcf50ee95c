import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import picocolors from 'picocolors';
import { commands } from '../../../src/cli/commands/index.ts';
import { runCommandLine } from '../../../src/cli/program.ts';
import { connect } from '../../../src/cli/server.ts';

export interface Recorded {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON unless a string, which is sent as it is. */
  readonly body?: unknown;
  /** The connection ends in the middle of the body. */
  readonly broken?: boolean;
}

export interface Request {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Backend {
  readonly url: string;
  readonly requests: Request[];
  close(): Promise<void>;
}

/** Answers `GET /path` with what was recorded for it; a list is used up one by one, its last entry stays. */
export async function serve(
  answers: Readonly<Record<string, Recorded | readonly Recorded[]>>,
): Promise<Backend> {
  const requests: Request[] = [];
  const uses = new Map<string, number>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const line = `${request.method ?? ''} ${request.url ?? ''}`;
      requests.push({ line, headers: request.headers, body: Buffer.concat(chunks).toString() });
      const recorded = answers[line];
      const list = recorded === undefined ? [] : [recorded].flat();
      const use = uses.get(line) ?? 0;
      uses.set(line, use + 1);
      const {
        status = 200,
        headers,
        body,
        broken = false,
      } = list[Math.min(use, list.length - 1)] ?? {
        status: 404,
        body: '<h1>404</h1>',
      };
      const isText = typeof body === 'string';
      response.writeHead(status, {
        'content-type': isText ? 'text/html' : 'application/json; charset=utf-8',
        ...headers,
      });
      const text = isText ? body : JSON.stringify(body);
      if (broken) response.write(text.slice(1), () => response.destroy());
      else response.end(status === 304 ? undefined : text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: address(server), requests, close: () => closed(server) };
}

function address(server: Server): string {
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not listening');
  return `http://127.0.0.1:${bound.port}`;
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly talk: string;
  /** Every picture that was drawn over the last one. */
  readonly drawn: readonly string[];
  /** Milliseconds that the command slept. */
  readonly slept: number;
  /** Files by path. */
  readonly written: Readonly<Record<string, string>>;
}

export interface Surroundings {
  readonly url?: string | undefined;
  readonly token?: string;
  readonly key?: string;
  /** What the person types; without it nobody is there. */
  readonly types?: string;
  readonly live?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

export const NOW = '2026-11-02T10:05:00.000Z';

/** Runs one command line as the program does, with a terminal that remembers and a clock that does not wait. */
export async function run(line: string, surroundings: Surroundings = {}): Promise<Ran> {
  const out: string[] = [];
  const talk: string[] = [];
  const drawn: string[] = [];
  const written: Record<string, string> = {};
  let slept = 0;
  const { url, token, key, types, live = false, files = {} } = surroundings;
  const code = await runCommandLine(words(line), commands, {
    terminal: {
      out: (text) => out.push(text),
      talk: (text) => talk.push(text),
      redraw: (lines) => drawn.push(lines.join('\n')),
      live,
      interactive: types !== undefined,
      width: 100,
      colors: picocolors.createColors(false),
      async ask(question) {
        talk.push(question);
        return types ?? '';
      },
    },
    clock: {
      now: () => Date.parse(NOW) + slept,
      async sleep(ms) {
        slept += ms;
      },
    },
    server: () => connect({ url, token, key }),
    readFile: async (path) => files[path] ?? null,
    async writeFile(path, text) {
      written[path] = text;
    },
  });
  return { code, out: out.join('\n'), talk: talk.join('\n'), drawn, slept, written };
}

/** Words of a command line; double quotes hold words together. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
