// Builds what runs: the function app, the command line, and the local stack. Type checking is `npm run check`.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE } from './packaging/app.ts';
import { appFiles } from './packaging/app-files.ts';

async function buildApp() {
  for (const [path, contents] of (await appFiles()).files) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
}

await rm('dist', { recursive: true, force: true });
await Promise.all([
  buildApp(),
  // One file, so that a second load (`?instance=2`) shares no module state with the first.
  build({
    ...BUNDLE,
    entryPoints: ['local/app.ts'],
    outdir: 'dist/local',
    external: ['@azure/functions-core'],
  }),
  build({ ...BUNDLE, entryPoints: ['src/cli/switchover.ts'], outdir: 'dist/cli' }),
  build({
    ...BUNDLE,
    entryPoints: [
      'local/demo.ts',
      'local/start.ts',
      'local/func.ts',
      'local/simulator.ts',
      'local/host.ts',
      'local/simulate.ts',
      'local/simulate/worker.ts',
    ],
    outdir: 'dist/local',
    splitting: true,
    external: ['azurite', '@azure/functions-core'],
  }),
]);
