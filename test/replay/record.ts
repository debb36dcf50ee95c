// Records the histories of the present orchestration version: npm run record-histories [-- --replace]
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { HistoryEvent } from '../../local/host/durable/protocol.ts';
import { optionsOf } from '../../local/options.ts';
import { ORCHESTRATION_VERSION } from '../../src/orchestration/start/order.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { beginDrill } from '../support/drills.ts';
import { openStack, prepare, start, untilStill } from '../support/failover.ts';
import { recordingText } from './recording.ts';
import type { RecordedInstance, Recording } from './recording.ts';
import { createRecordingStore } from './recording-store.ts';
import { STORIES } from './stories.ts';
import type { Story } from './stories.ts';

const SEED = 11;

async function record(story: Story): Promise<Recording> {
  const recorder = createRecordingStore();
  const stack = await openStack({
    seed: SEED,
    plans: story.source,
    store: recorder.store,
    ...story.given?.(),
  });
  try {
    await prepare(stack, story.mode);
    story.before?.(stack);
    const id = await begin(stack, story);
    await story.meanwhile?.(stack, id);
    await ended(stack, id, story);
    const next = await story.followed?.(stack, id);
    if (next !== undefined) await ended(stack, next, story);
    return {
      story: story.story,
      orchestrationVersion: ORCHESTRATION_VERSION,
      sdk: await sdkVersion(),
      instances: [id, ...(next === undefined ? [] : [next])].flatMap((one) =>
        recorder.recorded(one).map(withoutStacks),
      ),
    };
  } finally {
    await stack.host.stop();
    stack.clock.stop();
  }
}

async function ended(stack: VirtualStack, id: string, { name, ends }: Story): Promise<void> {
  const state = await untilStill(stack, id);
  if (state !== ends) throw new Error(`${name} should be ${ends}, is ${state}.`);
  await stack.clock.run(() => stack.host.ended(id));
}

async function begin(stack: VirtualStack, story: Story): Promise<string> {
  const { name, plan, mode, level } = story;
  if (story.begins !== undefined) return story.begins(stack);
  if (level !== undefined) return beginDrill(stack, { plan, level });
  const { id, status, body } = await start(stack, { plan, mode });
  if (status >= 300) throw new Error(`${name} was not started: ${JSON.stringify(body)}`);
  return id;
}

async function sdkVersion(): Promise<string> {
  const text = await readFile('node_modules/durable-functions/package.json', 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Failures carry stacks, and these the place where the app was built. */
function withoutStacks(instance: RecordedInstance): RecordedInstance {
  const scrub = (event: HistoryEvent): HistoryEvent => {
    const { Details } = event;
    if (typeof Details !== 'string') return event;
    return { ...event, Details: Details.replace(/(?:\\n {4}at [^"\\]+)+/g, '') };
  };
  return { ...instance, generations: instance.generations.map((events) => events.map(scrub)) };
}

const command = new Command('npm run record-histories --')
  .description(
    `Records the histories of orchestration version ${ORCHESTRATION_VERSION} that are missing.`,
  )
  .option('--replace', 'records all anew: only as long as the version was not released');
const { replace } = optionsOf<{ replace?: true }>(command, process.argv.slice(2));
const folder = `test/histories/${ORCHESTRATION_VERSION}`;
await mkdir(folder, { recursive: true });
for (const story of STORIES) {
  const file = `${folder}/${story.name}.json`;
  if (existsSync(file) && replace !== true) {
    console.log(`${file} is kept as it is; --replace records it anew`);
    continue;
  }
  await writeFile(file, recordingText(await record(story)));
  console.log(`${file} recorded`);
}
