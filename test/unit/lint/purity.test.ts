import { describe, expect, it } from 'vitest';
import { complaints } from './complaints.ts';

const ORCHESTRATOR = 'src/orchestration/orchestrators/snippet.ts';
const LAYER = 'src/orchestration/durable.ts';

const IMPURE = [
  'const now = Date.now();',
  'const today = new Date();',
  'const text = Date();',
  'const { now } = Date;',
  "const sneaky = Date['now']();",
  'const chance = Math.random();',
  'const { random } = Math;',
  'const id = crypto.randomUUID();',
  "const setting = process.env['NAME'];",
  'const setting = globalThis.process;',
  "const answer = fetch('http://example.com');",
  'setTimeout(() => undefined, 1);',
  'setInterval(() => undefined, 1);',
  'setImmediate(() => undefined);',
  'queueMicrotask(() => undefined);',
  'const at = performance.now();',
  "console.log('again at every replay');",
  "const name = new Intl.DateTimeFormat('en').format();",
  'const later = Promise.resolve();',
  'async function later() {}',
  "const module = import('./other.ts');",
  'const here = import.meta.url;',
  "import { readFile } from 'node:fs/promises';",
  "import { readFileSync } from 'fs';",
  "import type { Stats } from 'node:fs';",
  "import { setTimeout as wait } from 'timers/promises';",
  "import { TableClient } from '@azure/data-tables';",
  "import type { TableClient } from '@azure/data-tables';",
  "import { app } from '@azure/functions';",
  "import { z } from 'zod';",
];

describe('an orchestrator', () => {
  it.each(IMPURE.map((line) => [line]))('may not say %s', async (line) => {
    expect(await complaints(ORCHESTRATOR, [line])).toEqual([line]);
  });

  it.each([
    ['core/execution.ts'],
    ['records/executions.ts'],
    ['azure/access.ts'],
    ['plan/plan.ts'],
    ['steps/contract.ts'],
    ['health/fence.ts'],
    ['report/evidence.ts'],
    ['orchestration/start/start.ts'],
    ['orchestration/deps.ts'],
    ['orchestration/step/turn.ts'],
  ])('may know the types of %s, not its code', async (module) => {
    const code = `import { a } from '../../${module}';`;
    const type = `import type { A } from '../../${module}';`;
    expect(await complaints(ORCHESTRATOR, [code, type])).toEqual([code]);
  });

  it.each([['functions'], ['cli'], ['root'], ['system']])(
    'may not even know the types of %s',
    async (room) => {
      const type = `import type { A } from '../../${room}/thing.ts';`;
      expect(await complaints(ORCHESTRATOR, [type])).toEqual([type]);
    },
  );

  it('takes what it does from our layer over Durable, and only types from Durable itself', async () => {
    const allowed = [
      "import type { OrchestrationContext } from 'durable-functions';",
      "import { callActivity } from '../durable.ts';",
      "import { WAKE_EVENT } from '../names.ts';",
      "import type { StepRun } from '../next.ts';",
      "import { step } from './step.ts';",
    ];
    const refused = [
      "import * as df from 'durable-functions';",
      "import { a } from './../start/start.ts';",
    ];
    expect(await complaints(ORCHESTRATOR, [...allowed, ...refused])).toEqual(refused);
  });
});

describe('the layer over Durable, which is replayed with them', () => {
  it.each(IMPURE.map((line) => [line]))('may not say %s', async (line) => {
    expect(await complaints(LAYER, [line])).toEqual([line]);
  });

  it('turns the time of the orchestration into dates', async () => {
    const allowed = [
      "import * as df from 'durable-functions';",
      "import { WAKE_EVENT } from './names.ts';",
      'const due = new Date(context.df.currentUtcDateTime.getTime() + 1000);',
    ];
    const refused = ["import { startExecution } from './start/start.ts';"];
    expect(await complaints(LAYER, [...allowed, ...refused])).toEqual(refused);
  });
});

describe('the rooms below the root', () => {
  const lines = [
    'const now = Date.now();',
    'const today = new Date();',
    'const chance = Math.random();',
    "const setting = process.env['NAME'];",
    "const answer = await fetch('http://example.com');",
    'setTimeout(() => undefined, 1);',
    "console.log('seen by nobody');",
  ];

  it.each([
    ['src/functions/http/file.ts'],
    ['src/orchestration/step/file.ts'],
    ['src/health/file.ts'],
    ['src/steps/vm-stop/file.ts'],
    ['src/report/file.ts'],
    ['src/plan/file.ts'],
    ['src/records/file.ts'],
    ['src/azure/file.ts'],
    ['src/core/file.ts'],
    ['src/root/file.ts'],
    ['src/app.ts'],
    ['src/settings.ts'],
  ])('%s takes clock, chance, network and settings as they are handed in', async (file) => {
    expect(await complaints(file, lines)).toEqual(lines);
  });

  it.each([['src/system/file.ts'], ['src/cli/file.ts'], ['src/main.ts'], ['local/file.ts']])(
    '%s makes them',
    async (file) => {
      expect(await complaints(file, lines)).toEqual([]);
    },
  );
});
