import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

export interface Programs {
  /** The local host. */
  readonly host: string;
  /** The function app: the very bundle that is deployed. */
  readonly app: string;
}

/**
 * Copies what runs out of the build into `folder`. The next build would remove it from under the app, which loads SDKs
 * on first use and may be started again at any time.
 */
export async function keepPrograms(build: string, folder: string): Promise<Programs> {
  await mkdir(folder, { recursive: true });
  // Outside the repository nothing else says what kind of modules these are.
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  await cp(join(build, 'app'), join(folder, 'app'), {
    recursive: true,
    filter: (source) => !source.endsWith('.map'),
  });
  await cp(join(build, 'local'), join(folder, 'local'), {
    recursive: true,
    filter: (source) => basename(source) === 'local' || isOfHost(basename(source)),
  });
  return { host: join(folder, 'local', 'host.js'), app: join(folder, 'app', 'main.js') };
}

function isOfHost(name: string): boolean {
  return /^(host|chunk-\w+)\.js$/.test(name);
}
