import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const about = z
  .object({ bin: z.object({ switchover: z.string() }) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8')));

/** A clone as far as the command line is concerned. */
function clone(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clone-'));
  for (const file of ['bin', 'package.json']) cpSync(file, join(folder, file), { recursive: true });
  return folder;
}

function run(
  folder: string,
  ...words: string[]
): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, about.bin.switchover), ...words],
    { encoding: 'utf8' },
  );
  return { code: status, out: stdout, err: stderr };
}

describe('the command that npx finds', () => {
  it('asks for the build where there was none', () => {
    const { code, out, err } = run(clone(), 'plans');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe('error: The command line is not built yet. Build it: npm run build\n');
  });

  it('is the built one, with the words that it was given', () => {
    const folder = clone();
    mkdirSync(join(folder, 'dist/cli'), { recursive: true });
    writeFileSync(
      join(folder, 'dist/cli/switchover.js'),
      'console.log(process.argv.slice(2).join()); process.exitCode = 5;',
    );
    expect(run(folder, 'plan', 'show')).toEqual({ code: 5, out: 'plan,show\n', err: '' });
  });
});
