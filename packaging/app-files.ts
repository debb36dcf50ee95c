import { relative } from 'node:path';
import { build } from 'esbuild';
import { APP } from './app.ts';
import { bundledPackages } from './bundled.ts';
import type { Bundled } from './bundled.ts';
import { licenceTexts } from './licences.ts';

/** The built function app. */
export interface AppFiles {
  /** By their paths from here. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Whose code is in it. */
  readonly bundled: Bundled;
}

/** The texts of licences lie beside the code that is under them: whoever sends one sends the other. */
export async function appFiles(): Promise<AppFiles> {
  const { outputFiles, metafile } = await build({ ...APP, write: false });
  const bundled = await bundledPackages(metafile);
  const files = new Map<string, Uint8Array>([
    ...outputFiles.map(({ path, contents }) => [fromHere(path), contents] as const),
    [`${APP.outdir}/licences.txt`, Buffer.from(await licenceTexts(bundled.packages))],
  ]);
  return { files, bundled };
}

function fromHere(path: string): string {
  return relative('.', path).replaceAll('\\', '/');
}
