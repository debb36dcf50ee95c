import { parseArgs } from 'node:util';
import { createRealClock } from './clock/real.ts';
import { webSphereCafe } from './simulator/scenarios/websphere-cafe.ts';
import { startSimulatorServer } from './simulator/server.ts';
import { createSimulator } from './simulator/simulator.ts';

const USAGE = `Usage: npm run simulator -- [--port P] [--speed N] [--seed N] [--control switchover|automatic] [--folder DIR]

Azure as seen on the wire, on loopback: Resource Manager at port P, then managed identity, proxy to the café,
control API and three name servers on the ports after it. Without --port any free ports are taken.`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    control: { type: 'string', default: 'switchover' },
    folder: { type: 'string', default: '.local/simulator' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const control = values.control === 'automatic' ? 'automatic' : 'switchover';
const server = await startSimulatorServer({
  folder: values.folder,
  port: Number(values.port),
  create: () =>
    createSimulator({
      clock: createRealClock(),
      scenario: webSphereCafe({ control }),
      speed: Number(values.speed),
      seed: Number(values.seed),
    }),
});

console.log('The simulated Azure is ready. Settings for an app that is to use it:\n');
for (const [name, value] of Object.entries(server.settings)) console.log(`${name}=${value}`);
console.log(`\nControl API: ${server.controlUrl}/state`);

process.once('SIGINT', () => void server.close());
process.once('SIGTERM', () => void server.close());
