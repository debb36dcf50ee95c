import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createScaledClock } from '../../local/clock/scaled.ts';
import { createHost } from '../../local/host/create-host.ts';
import { createSqliteStore } from '../../local/host/durable/sqlite-store.ts';
import { loadedApp } from '../../local/stack/loaded-apps.ts';
import { PRINCIPALS } from '../../local/stack/principals.ts';
import { systemPlatform } from '../../src/system/platform.ts';
import { createBoundaries } from './boundaries.ts';

/** The app on the local host, with its histories in SQLite, in fast time: a process that dies where it is told to. */
const { values } = parseArgs({
  options: {
    bundle: { type: 'string', default: '' },
    db: { type: 'string', default: '' },
    reached: { type: 'string', default: '' },
    deadly: { type: 'string', default: '' },
    since: { type: 'string', default: '0' },
    factor: { type: 'string', default: '1' },
    port: { type: 'string', default: '0' },
    'end-with-input': { type: 'boolean', default: false },
  },
});

const clock = createScaledClock({ since: Number(values.since), factor: Number(values.factor) });
const boundaries = createBoundaries({ reached: values.reached, deadly: values.deadly });
const store = createSqliteStore(values.db);
const host = createHost({
  clock,
  store,
  random: Math.random,
  hostJson: JSON.parse(readFileSync('host.json', 'utf8')),
  principals: PRINCIPALS,
  crashPoint: boundaries.commit,
});
host.load(
  loadedApp(new URL(values.bundle), () => {
    const platform = systemPlatform(process.env);
    const { tables, blobs } = platform;
    return {
      ...platform,
      clock,
      tables: boundaries.tables(tables),
      blobs: boundaries.blobs(blobs),
    };
  }),
);
const address = await host.listen(Number(values.port));
await host.start();
console.log(`READY ${address}`);
process.stdin
  .once('close', () => {
    void host.stop().then(() => process.exit(0));
  })
  .resume();
process.once('SIGTERM', () => process.stdin.destroy());
