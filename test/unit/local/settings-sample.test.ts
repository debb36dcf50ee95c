import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createRealClock } from '../../../local/clock/real.ts';
import { webSphereCafe } from '../../../local/simulator/scenarios/websphere-cafe.ts';
import { startSimulatorServer } from '../../../local/simulator/server.ts';
import { createSimulator } from '../../../local/simulator/simulator.ts';
import { parseSettings } from '../../../src/settings.ts';

/** Where the sample expects the simulator. */
const PORT = 8400;
/** Where it is in this test: 8400 may be somebody's, and so may this one be, but hardly ever. */
const HERE = 20_000 + (process.pid % 1_500) * 8;

it('the sample settings reach the simulator at the ports that they expect', async () => {
  const sample = z
    .object({ Values: z.record(z.string(), z.string()) })
    .parse(JSON.parse(await readFile('local.settings.sample.json', 'utf8')));
  const folder = await mkdtemp(join(tmpdir(), 'sample-'));
  const server = await startSimulatorServer({
    folder,
    port: HERE,
    create: () => createSimulator({ clock: createRealClock(), scenario: webSphereCafe() }),
  });
  try {
    const expected = Object.entries(server.settings).map(([name, value]) => [
      name,
      name === 'NODE_EXTRA_CA_CERTS'
        ? value.replace(folder, resolve('.local/simulator'))
        : value.replace(/127\.0\.0\.1:(\d+)/g, (_all, port) => at(Number(port))),
    ]);
    const { NODE_EXTRA_CA_CERTS: authority = '', ...others } = sample.Values;
    expect({ ...others, NODE_EXTRA_CA_CERTS: resolve(authority) }).toMatchObject(
      Object.fromEntries(expected),
    );
    expect(parseSettings(sample.Values)).toMatchObject({ AUTH: 'keys', SWITCHOVER_PLANS: 'plans' });
  } finally {
    await server.close();
    await rm(folder, { recursive: true });
  }
});

function at(port: number): string {
  return `127.0.0.1:${port - HERE + PORT}`;
}
