import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('a command whose reader has stopped ends like any other program, without a complaint', async () => {
  const child = spawn(process.execPath, ['bin/switchover.js', '--help'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let talk = '';
  child.stderr.on('data', (piece: Buffer) => (talk += piece.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect({ code, talk }).toEqual({ code: 141, talk: '' });
});
