import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderSource } from '../../../src/plan/folder-source.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plans-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('every plan file of the folder is read, in order, and nothing else', async () => {
  await writeFile(join(folder, 'b.yaml'), 'name: b');
  await writeFile(join(folder, 'a.yml'), 'name: a');
  await writeFile(join(folder, 'plan.schema.json'), '{}');
  expect(await folderSource(folder).list()).toEqual([
    { file: 'a.yml', text: 'name: a' },
    { file: 'b.yaml', text: 'name: b' },
  ]);
});

test('an edited file is read anew', async () => {
  const source = folderSource(folder);
  await writeFile(join(folder, 'a.yaml'), 'name: a');
  await source.list();
  await writeFile(join(folder, 'a.yaml'), 'name: b');
  expect(await source.list()).toEqual([{ file: 'a.yaml', text: 'name: b' }]);
});

test('a folder that is not there is a mistake in the settings', async () => {
  const missing = join(folder, 'missing');
  await expect(folderSource(missing).list()).rejects.toMatchObject({
    code: 'SETTING_INVALID',
    message: expect.stringContaining(`The plan folder ${missing} cannot be read`) as string,
  });
});
