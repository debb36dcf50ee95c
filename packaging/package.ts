import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Zippable } from 'fflate';
import { z } from 'zod';
import { appFiles } from './app-files.ts';
import { billOf } from './bill.ts';
import type { BundledPackage } from './bundled.ts';

/** What is deployed, and what is known about it. */
export interface Package {
  readonly zip: Uint8Array;
  /** SHA-256 of the zip, hexadecimal. */
  readonly hash: string;
  /** CycloneDX JSON. */
  readonly bill: string;
  readonly packages: readonly BundledPackage[];
}

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  description: z.string(),
  license: z.string(),
  type: z.literal('module'),
  main: z.string(),
});

/**
 * Builds the function app and packs it as the Functions host takes it. The same sources and packages give the same
 * bytes, on any day and in any folder: nothing of the machine goes in, and entries are sorted.
 */
export async function makePackage(): Promise<Package> {
  const app = await appFiles();
  const about = manifest.parse(JSON.parse(await readFile('package.json', 'utf8')));
  const files = new Map<string, Uint8Array>([
    ['host.json', await readFile('host.json')],
    // No dependencies: nobody is to install what is bundled.
    ['package.json', Buffer.from(`${JSON.stringify(about, null, 2)}\n`)],
    ['LICENSE', await readFile('LICENSE')],
    ...app.files,
    ...(await planFiles()),
  ]);
  // The earliest moment that a zip can hold, in the local time in which it holds it: the same bytes everywhere.
  const mtime = new Date(1980, 0, 1);
  const zip = zipSync(entriesOf(files), { level: 9, mtime });
  const hash = createHash('sha256').update(zip).digest('hex');
  return { zip, hash, bill: billOf(about, app.bundled), packages: app.bundled.packages };
}

async function planFiles(): Promise<readonly (readonly [string, Uint8Array])[]> {
  const names = (await readdir('plans')).filter((name) => /\.ya?ml$/.test(name));
  return Promise.all(
    names.map(async (name) => [`plans/${name}`, await readFile(join('plans', name))] as const),
  );
}

function entriesOf(files: ReadonlyMap<string, Uint8Array>): Zippable {
  return Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}
