import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EVENT } from '../../local/host/durable/protocol.ts';
import {
  BATCH_ORCHESTRATOR,
  EXECUTION_ORCHESTRATOR,
  STEP_ORCHESTRATOR,
} from '../../src/orchestration/names.ts';
import { ORCHESTRATION_VERSION } from '../../src/orchestration/start/order.ts';
import { orchestratorBench } from './bench.ts';
import { recordings } from './recordings.ts';
import { differences } from './replay.ts';
import { STORIES } from './stories.ts';

const RECORDINGS = recordings();
const CURRENT = [...RECORDINGS.values()].filter(
  (one) => one.orchestrationVersion === ORCHESTRATION_VERSION,
);
const INSTANCES = CURRENT.flatMap(({ instances }) => instances);
const bench = orchestratorBench();

describe('executions that were running when the app was replaced', () => {
  it.each([...RECORDINGS])('%s: go on as they began', async (_file, recording) => {
    expect((await differences(await bench.current(), recording)).join('\n\n')).toBe('');
  });
});

describe('the recorded histories', () => {
  it('have one of the present version for every story', () => {
    const missing = STORIES.filter(
      ({ name }) => !RECORDINGS.has(`${ORCHESTRATION_VERSION}/${name}.json`),
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('take every orchestrator through what only some executions do', () => {
    const events = INSTANCES.flatMap(({ generations }) => generations.flat());
    const longer = INSTANCES.filter(({ generations }) => generations.length > 1);
    expect(new Set(INSTANCES.map(({ name }) => name))).toEqual(
      new Set([EXECUTION_ORCHESTRATOR, BATCH_ORCHESTRATOR, STEP_ORCHESTRATOR]),
    );
    expect(new Set(longer.map(({ name }) => name))).toEqual(
      new Set([EXECUTION_ORCHESTRATOR, STEP_ORCHESTRATOR]),
    );
    for (const type of [EVENT.TaskFailed, EVENT.EventRaised, EVENT.TimerFired]) {
      expect(events.some(({ EventType }) => EventType === type)).toBe(true);
    }
  });

  it('are of the version that the host gives to what it starts', () => {
    const { extensions } = JSON.parse(readFileSync('host.json', 'utf8')) as {
      extensions: { durableTask: { defaultVersion: string } };
    };
    expect(extensions.durableTask.defaultVersion).toBe(ORCHESTRATION_VERSION);
    const started = INSTANCES.flatMap(({ generations }) => generations.flat()).filter(
      ({ EventType }) => EventType === EVENT.ExecutionStarted,
    );
    expect(new Set(started.map((event) => event['Version']))).toEqual(
      new Set([ORCHESTRATION_VERSION]),
    );
  });
});
