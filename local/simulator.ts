import { createRealClock } from './clock/real.ts';
import { webhookOverSockets } from './simulator/alerts/over-sockets.ts';
import { webSphereCafe } from './simulator/scenarios/websphere-cafe.ts';
import { startSimulatorServer } from './simulator/server.ts';
import type { SimulatorServer } from './simulator/server.ts';
import { createSimulator } from './simulator/simulator.ts';
import { parseSimulatorOptions } from './simulator/options.ts';

const { port, speed, seed, control, folder } = parseSimulatorOptions(process.argv.slice(2));
const server = await start();

console.log('The simulated Azure is ready. Settings for an app that is to use it:\n');
for (const [name, value] of Object.entries(server.settings)) console.log(`${name}=${value}`);
console.log(`\nControl API: ${server.controlUrl} (with /state, /journal, /cafe …)`);

process.once('SIGINT', () => void server.close());
process.once('SIGTERM', () => void server.close());

async function start(): Promise<SimulatorServer> {
  try {
    return await startSimulatorServer({
      folder,
      port,
      create: () =>
        createSimulator({
          clock: createRealClock(),
          scenario: webSphereCafe({ control }),
          webhook: webhookOverSockets,
          speed,
          seed,
        }),
    });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    console.error(
      `One of the ports ${port} to ${port + 6} is taken. Others: npm run simulator -- --port ${port + 10}`,
    );
    process.exit(2);
  }
}
