// Builds what runs: the function app, the command line, and the local stack. Type checking is `npm run check`.
import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { build } from 'esbuild';

// CommonJS packages inside an ES module bundle still call require(), which the Functions worker also hooks.
const requireShim = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  keepNames: true,
  logLevel: 'warning',
  banner: requireShim,
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
};

const entries = (names) => names.filter((name) => existsSync(name));

await rm('dist', { recursive: true, force: true });
await Promise.all([
  // SDKs are loaded on first use, so they become chunks of their own.
  build({
    ...common,
    entryPoints: entries(['src/main.ts']),
    outdir: 'dist/app',
    splitting: true,
    external: ['@azure/functions-core'],
  }),
  // One file, so that a second load (`?instance=2`) shares no module state with the first.
  build({
    ...common,
    entryPoints: entries(['local/app.ts']),
    outdir: 'dist/local',
    external: ['@azure/functions-core'],
  }),
  build({ ...common, entryPoints: entries(['src/cli/switchover.ts']), outdir: 'dist/cli' }),
  build({
    ...common,
    entryPoints: entries([
      'local/demo.ts',
      'local/start.ts',
      'local/func.ts',
      'local/simulator.ts',
      'local/host.ts',
      'local/simulate.ts',
    ]),
    outdir: 'dist/local',
    splitting: true,
    external: ['azurite', '@azure/functions-core'],
  }),
]);
