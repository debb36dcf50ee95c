import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, SwitchoverError } from '../core/errors.ts';
import type { PlanSource } from './source.ts';

/** Every `.yaml` and `.yml` file of one folder, read anew each time. */
export function folderSource(folder: string): PlanSource {
  return {
    async list() {
      const names = (await filesOf(folder)).filter((name) => /\.ya?ml$/i.test(name)).toSorted();
      return Promise.all(
        names.map(async (name) => {
          const text = await readFile(join(folder, name), 'utf8');
          return { file: name, text };
        }),
      );
    },
  };
}

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new SwitchoverError(
      'SETTING_INVALID',
      `The plan folder ${folder} cannot be read: ${messageOf(error)}. Set SWITCHOVER_PLANS to the folder of the plan files, or to blob where plans are pushed.`,
      { cause: error },
    );
  }
}
