import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { startAzurite } from '../../local/azurite.ts';

/**
 * Keeps an Azurite on `--data` until its input ends, and then takes `--folder` away with everything in it. Azurite itself
 * would outlive whoever is interrupted.
 */
const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, folder: { type: 'string', default: '' } },
});
const azurite = await startAzurite(values.data);
console.log(JSON.stringify({ pid: azurite.pid, connection: azurite.connection }));

async function end(): Promise<void> {
  await azurite.stop();
  // Whoever else works in there ends at the same time, and may still be writing.
  await rm(values.folder, { recursive: true, force: true, maxRetries: 20 });
}
process.stdin.once('close', () => void end()).resume();
