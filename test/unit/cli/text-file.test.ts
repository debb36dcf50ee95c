import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Failure } from '../../../src/cli/failure.ts';
import { readTextFile } from '../../../src/cli/text-file.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchover-'));
  writeFileSync(join(folder, 'plan.yaml'), 'version: 1\n');
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a file that a command is given', () => {
  it('is read as text', async () => {
    await expect(readTextFile(join(folder, 'plan.yaml'))).resolves.toBe('version: 1\n');
  });

  it.each(['tea.yaml', 'plan.yaml/tea.yaml'])('is null when there is none: %s', async (name) => {
    await expect(readTextFile(join(folder, name))).resolves.toBeNull();
  });

  it('is what stands in it, without the mark that some editors begin it with', async () => {
    const path = join(folder, 'marked.yaml');
    writeFileSync(path, '\ufeffname: café\n');
    await expect(readTextFile(path)).resolves.toBe('name: café\n');
  });

  it('is refused when it is no UTF-8: what would be sent is not what stands there', async () => {
    const path = join(folder, 'latin.yaml');
    writeFileSync(path, Buffer.from('name: café\n', 'latin1'));
    await expect(readTextFile(path)).rejects.toMatchObject({
      exitCode: 2,
      message: `${path} cannot be read: it is no UTF-8. Name a file.`,
    });
  });

  it('is refused as a mistake of usage when it is a folder', async () => {
    const reading = readTextFile(folder);
    await expect(reading).rejects.toBeInstanceOf(Failure);
    await expect(reading).rejects.toMatchObject({
      exitCode: 2,
      message: `${folder} cannot be read: it is a folder. Name a file.`,
    });
  });
});
