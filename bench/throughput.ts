import { readFile } from 'node:fs/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { drawSchedule } from '../local/simulate/draw.ts';
import { judge } from '../local/simulate/properties/index.ts';
import { runSchedule } from '../local/simulate/run.ts';
import type { RunParts } from '../local/simulate/run.ts';
import { BUNDLE } from '../test/support/failover.ts';
import { withSpread } from './figures.ts';

const BLOCKS = 4;
const SEEDS = 10;

const PARTS: RunParts = {
  bundle: BUNDLE,
  readPlan: (file) => readFile(`plans/${file}`, 'utf8'),
};

/**
 * How many failovers one core simulates and judges in a minute, and whether memory grows with them. Processor time
 * counts, not the clock on the wall: other programs of the machine must not count. Sharing a core's caches with them
 * still shows.
 */
export async function run(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const rates: number[] = [];
  const memory: number[] = [];
  for (let block = 0; block <= BLOCKS; block += 1) {
    const before = process.cpuUsage();
    let failovers = 0;
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const done = await runSchedule(drawSchedule(block * SEEDS + seed), PARTS);
      judge(done);
      failovers += done.told.length;
    }
    const { user, system } = process.cpuUsage(before);
    // What the first block compiles, the others find compiled.
    if (block > 0) rates.push(failovers / ((user + system) / 60e6));
    collect();
    memory.push(process.memoryUsage().heapUsed / 2 ** 20);
  }
  console.log(`${BLOCKS} blocks of ${SEEDS} seeds, median (least to most).`);
  console.log(`Failovers a minute of one core  ${withSpread(rates)}`);
  console.log(`Memory in use, MiB, by block    ${memory.map((one) => one.toFixed(0)).join(', ')}`);
}
