import { readFile } from 'node:fs/promises';
import { judge } from '../../local/simulate/properties/index.ts';
import { runSchedule } from '../../local/simulate/run.ts';
import type { RunParts } from '../../local/simulate/run.ts';
import type { Schedule } from '../../local/simulate/schedule.ts';
import { timeline } from '../../local/simulate/timeline.ts';
import { BUNDLE } from '../support/failover.ts';

const PARTS: RunParts = {
  bundle: BUNDLE,
  readPlan: (file) => readFile(`plans/${file}`, 'utf8'),
};

/** The promises that one run broke, in words; none when all is well. */
export async function violationsOf(schedule: Schedule): Promise<readonly string[]> {
  const broken = judge(await runSchedule(schedule, PARTS));
  return broken.map(({ property, sentence }) => `${property}: ${sentence}`);
}

/** Everything that happened in one run, to the millisecond. */
export async function timelineOf(schedule: Schedule): Promise<string> {
  const run = await runSchedule(schedule, PARTS);
  return timeline(run, judge(run));
}
