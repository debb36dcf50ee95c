import { readFile } from 'node:fs/promises';
import type { BuildOptions, Plugin } from 'esbuild';

/** CommonJS packages inside an ES module bundle still call require(), which the Functions worker also hooks. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/** A source map of one position. The bundler goes no deeper than it, and so maps nothing of the file that carries it. */
const NO_MAP = Buffer.from(
  JSON.stringify({ version: 3, sources: [''], names: [], mappings: 'AAAA' }),
).toString('base64');

/** The maps of the packages would be two thirds of what is deployed, and nobody here mends a package by its stack traces. */
const mapOwnSourcesOnly: Plugin = {
  name: 'map own sources only',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const code = text.replace(/^\/\/# sourceMappingURL=.*$/gm, '');
      return {
        contents: `${code}\n//# sourceMappingURL=data:application/json;base64,${NO_MAP}`,
        loader: 'js',
      };
    });
  },
};

/** What is true of everything that is built. */
export const BUNDLE = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  // The same output wherever the packages are kept.
  preserveSymlinks: true,
  logLevel: 'warning',
  banner: { js: REQUIRE },
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
} as const satisfies BuildOptions;

/**
 * The function app. SDKs are loaded on first use, so they become chunks of their own. Identifiers stay as they were
 * written: stack traces are read at night, and shorter names did not make it load faster.
 */
export const APP = {
  ...BUNDLE,
  entryPoints: ['src/main.ts'],
  outdir: 'dist/app',
  splitting: true,
  external: ['@azure/functions-core'],
  minifySyntax: true,
  minifyWhitespace: true,
  sourcesContent: false,
  metafile: true,
  plugins: [mapOwnSourcesOnly],
} as const satisfies BuildOptions;
