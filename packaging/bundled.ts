import { readFile } from 'node:fs/promises';
import type { Metafile } from 'esbuild';
import { z } from 'zod';

/** One package of which some code is in the bundle. */
export interface BundledPackage {
  /** Where it is: `node_modules/a` or `node_modules/a/node_modules/b`. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** As the package declares it: an SPDX expression. */
  readonly license: string;
  /** Of the archive in the registry: `sha512-…`, base64. */
  readonly integrity: string;
}

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().optional(),
    }),
  ),
});

/**
 * The packages in a bundle: those that gave it at least a byte, with what the lock file knows of them. A version that is
 * bundled from several folders counts once.
 */
export async function bundledPackages(bundle: Metafile): Promise<readonly BundledPackage[]> {
  const { packages } = lockFile.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  const found = [...foldersIn(bundle)].sort().map((folder) => {
    const { version, license, integrity } = packages[folder] ?? {};
    if (version === undefined || license === undefined || integrity === undefined)
      throw new Error(
        `${folder} is in the bundle, and package-lock.json lacks its version, licence or hash: run npm install.`,
      );
    return { folder, name: nameOf(folder), version, license, integrity };
  });
  return [...new Map(found.map((one) => [`${one.name}@${one.version}`, one])).values()];
}

function foldersIn({ outputs }: Metafile): Set<string> {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const [folder] = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return folders;
}

function nameOf(folder: string): string {
  return folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
