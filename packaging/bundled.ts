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
  /** The packages that it asks for, as `name@version`; not all of them are in the bundle. */
  readonly needs: readonly string[];
}

export interface Bundled {
  readonly packages: readonly BundledPackage[];
  /** Those that the product itself asks for. */
  readonly needs: readonly string[];
}

const names = z.record(z.string(), z.unknown()).default({});
/** Of all packages, by folder. */
type Locked = z.infer<typeof lockFile>['packages'];

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.string().optional(),
      integrity: z.string().optional(),
      dependencies: names,
      optionalDependencies: names,
      peerDependencies: names,
      // Names packages, too, that are used where they are there by chance.
      peerDependenciesMeta: names,
    }),
  ),
});

/**
 * The packages in a bundle: those that gave it at least a byte, with what the lock file knows of them. A version that is
 * bundled from several folders counts once.
 */
export async function bundledPackages(bundle: Metafile): Promise<Bundled> {
  const { packages } = lockFile.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  const found = [...foldersIn(bundle)].sort().map((folder) => {
    const { version, license, integrity } = packages[folder] ?? {};
    if (version === undefined || license === undefined || integrity === undefined)
      throw new Error(
        `${folder} is in the bundle, and package-lock.json lacks its version, licence or hash: run npm install.`,
      );
    const needs = needsOf(folder, packages);
    return { folder, name: nameOf(folder), version, license, integrity, needs };
  });
  const distinct = new Map(found.map((one) => [`${one.name}@${one.version}`, one]));
  return { packages: [...distinct.values()], needs: needsOf('', packages) };
}

/** Where Node finds what a package asks for: in its own folder, or in the nearest above it. */
function needsOf(folder: string, packages: Locked): readonly string[] {
  const asked = packages[folder];
  const wanted = Object.keys({
    ...asked?.dependencies,
    ...asked?.optionalDependencies,
    ...asked?.peerDependencies,
    ...asked?.peerDependenciesMeta,
  });
  return wanted.flatMap((name) => {
    const places = foldersAbove(folder).map((above) => `${above}node_modules/${name}`);
    const version = places
      .map((place) => packages[place]?.version)
      .find((one) => one !== undefined);
    return version === undefined ? [] : [`${name}@${version}`];
  });
}

/** `node_modules/a/node_modules/b`: that, `node_modules/a`, and the root; each as a prefix. */
function foldersAbove(folder: string): readonly string[] {
  if (folder === '') return [''];
  const end = folder.lastIndexOf('/node_modules/');
  return [`${folder}/`, ...foldersAbove(end === -1 ? '' : folder.slice(0, end))];
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
