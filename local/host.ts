import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createRealClock } from './clock/real.ts';
import { createHost } from './host/create-host.ts';
import { createSqliteStore } from './host/durable/sqlite-store.ts';
import { readHostJson, readLocalSettings } from './host/local-settings.ts';

/** Runs a compiled function app on this machine, without Core Tools: `node dist/local/host.js --app dist/app/main.js`. */
const { values } = parseArgs({
  options: {
    app: { type: 'string', default: 'dist/app/main.js' },
    port: { type: 'string', default: '7071' },
    db: { type: 'string', default: '.local/host.db' },
    settings: { type: 'string', default: 'local.settings.json' },
    'host-json': { type: 'string', default: 'host.json' },
    /** Survive the loss of power, too, at half the speed. */
    durable: { type: 'boolean', default: false },
    /** End when the input ends, too: whoever started it is gone, by whatever death. */
    'end-with-input': { type: 'boolean', default: false },
  },
});

const settings = readLocalSettings(values.settings);
for (const [name, value] of Object.entries(settings.Values)) process.env[name] ??= value;
process.env['AZURE_FUNCTIONS_ENVIRONMENT'] ??= 'Development';

mkdirSync(dirname(resolve(values.db)), { recursive: true });
const store = createSqliteStore(values.db, { synchronous: values.durable ? 'FULL' : 'NORMAL' });
const { keys, principals } = settings.LocalHost;
const host = createHost({
  clock: createRealClock(),
  store,
  random: Math.random,
  hostJson: readHostJson(values['host-json']),
  log: ({ level, message }) => console.error(`[${level}] ${message}`),
  ...(keys === undefined ? {} : { keys }),
  ...(principals === undefined ? {} : { principals }),
});
host.load(() => import(pathToFileURL(resolve(values.app)).href));
const address = await host.listen(Number(values.port));
// The SDK's durable client turns its addresses into localhost:7071 unless it knows where it runs.
process.env['WEBSITE_HOSTNAME'] ??= new URL(address).host;
await host.start();
console.log(`READY ${address}`);

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  void host.stop().then(() => {
    store.close();
    process.exit(0);
  });
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
if (values['end-with-input']) process.stdin.once('close', end).resume();
