import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What an app at home and its simulated Azure answer, in short. */
const ANSWERS: Readonly<Record<string, object>> = {
  '/api/health': { status: 'up' },
  '/api/plans/at-home': { home: 'east', active: 'east' },
  '/api/plans/away': { home: 'east', active: 'west' },
  '/control/journal': [],
  '/control/state': {},
};
const server = createServer(({ url = '', headers }, response) => {
  const isStranger = url.startsWith('/api/plans') && headers.authorization !== 'Bearer good';
  const answer = isStranger ? undefined : ANSWERS[url];
  response.writeHead(isStranger ? 401 : answer === undefined ? 404 : 200, {
    'content-type': 'application/json',
  });
  response.end(JSON.stringify(answer ?? { detail: 'Not so.' }));
});
let here: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  here = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

describe('npm run test:host', () => {
  const GOOD = '--base-url HERE --simulator HERE/control/ --plan at-home --token-viewer good';

  it.each<[what: string, given: string, ...said: string[]]>([
    ['an app where there is none', `${GOOD} --base-url HERE/x`, '--base-url HERE/x: no app'],
    ['no address', `${GOOD} --base-url nonsense`, '--base-url nonsense: no app', 'Invalid URL'],
    [
      'a view of the controls for the controls',
      `${GOOD} --simulator HERE/control/state`,
      '--simulator HERE/control/state: no simulated Azure answers at HERE/control/state/journal',
      'up to /control',
    ],
    ['the app for the simulator', `${GOOD} --simulator HERE`, '--simulator HERE: no simulated'],
    ['a token that nobody knows', `${GOOD} --token-viewer bad`, '--token-viewer', 'Not so.'],
    ['an unknown plan', `${GOOD} --plan nothing`, '--plan nothing: ', 'HTTP 404'],
    ['a plan that is away', `${GOOD} --plan away`, '--plan away: it serves from west', 'Fail it'],
  ])('that is given %s names the option, and asks nothing more', async (_, given, ...said) => {
    const words = given.replaceAll('HERE', here).split(' ');
    const program = spawn(process.execPath, ['test/parity/host.ts', ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, told] = await Promise.all([
      text(program.stdout),
      text(program.stderr),
      once(program, 'close'),
    ]);
    for (const part of said) expect(told).toContain(part.replaceAll('HERE', here));
    expect(out).toBe('');
    expect(program.exitCode).toBe(2);
  });
});
