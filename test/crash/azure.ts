import { parseArgs } from 'node:util';
import { createScaledClock } from '../../local/clock/scaled.ts';
import { webSphereCafe } from '../../local/simulator/scenarios/websphere-cafe.ts';
import { startSimulatorServer } from '../../local/simulator/server.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { withHooks } from './hooks.ts';

/** The simulated Azure as a process that outlives the hosts, on their fast clock and faster still. */
const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '' },
    since: { type: 'string', default: '0' },
    factor: { type: 'string', default: '1' },
    speed: { type: 'string', default: '1' },
  },
});
const clock = createScaledClock({ since: Number(values.since), factor: Number(values.factor) });
const { settings, controlUrl } = await startSimulatorServer({
  folder: values.folder,
  create: () =>
    withHooks(createSimulator({ clock, scenario: webSphereCafe(), speed: Number(values.speed) })),
});
console.log(JSON.stringify({ settings, controlUrl }));
process.stdin.once('close', () => process.exit(0)).resume();
