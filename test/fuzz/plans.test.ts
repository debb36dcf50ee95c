import { readFileSync, readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Json } from '../../src/core/json.ts';
import { timeBudget } from '../../src/plan/budget.ts';
import { planHash } from '../../src/plan/hash.ts';
import { lintPlan } from '../../src/plan/lint.ts';
import { lockedResources } from '../../src/plan/locked.ts';
import { parsePlan } from '../../src/plan/parse.ts';
import { resolveSteps } from '../../src/plan/resolve.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { effort, patience } from './effort.ts';
import { HOSTILE, mutated, mutation } from './mutate.ts';

const EXAMPLES = ['plans', 'test/fixtures/plans'].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
);
/** Of this thread’s work, whatever else the machine does. */
const CPU_SECONDS = 3;
const FEW = 60;

/** A plan, with which everything works that needs no Azure; or problems, each with a place in the text. */
function answered(text: string): void {
  const before = process.threadCpuUsage();
  const result = parsePlan('fuzzed.yaml', text, stepKinds);
  if (result.ok) {
    const plan = result.value;
    expect(planHash(plan)).toMatch(/^[0-9a-f]{64}$/);
    lintPlan(plan, stepKinds);
    timeBudget(plan, stepKinds);
    lockedResources(plan, stepKinds);
    const [from = '', to = ''] = Object.keys(plan.sites);
    resolveSteps(plan, { from, to, mode: 'any', executionId: 'ID' });
  }
  const { user, system } = process.threadCpuUsage(before);
  expect((user + system) / 1e6).toBeLessThan(CPU_SECONDS);
  if (result.ok) return;
  const lines = text.split(/\r\n|\r|\n/).length;
  const placeless = result.error.filter(
    ({ line, column, message }) => line < 1 || line > lines || column < 1 || message === '',
  );
  expect(placeless).toEqual([]);
  expect(result.error.length).toBeGreaterThan(0);
}

describe('a plan file is answered with a plan or with problems, in a bounded time', () => {
  it(
    'whatever is changed in the structure of an example',
    () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...EXAMPLES),
          fc.array(mutation, { minLength: 1, maxLength: 4 }),
          (example, mutations) => {
            const document = parse(example) as Json;
            answered(stringify(mutations.reduce(mutated, document)));
          },
        ),
        effort(FEW),
      );
    },
    patience(FEW),
  );

  it(
    'whatever bytes are put into its text',
    () => {
      fc.assert(
        fc.property(
          fc.constantFrom(...EXAMPLES),
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.nat({ max: 400 }),
          fc.uint8Array({ maxLength: 60 }),
          (example, where, gone, bytes) => {
            const text = Buffer.from(example);
            const place = Math.floor(where * text.length);
            const parts = [text.subarray(0, place), bytes, text.subarray(place + gone)];
            answered(Buffer.concat(parts).toString('utf8'));
          },
        ),
        effort(FEW),
      );
    },
    patience(FEW),
  );

  const bombs: Readonly<Record<string, string>> = {
    'a billion laughs': [
      'a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]',
      ...Array.from(
        { length: 9 },
        (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`,
      ),
    ].join('\n'),
    'a few laughs below the parser’s limit': `a: &a [${'x, '.repeat(500)}x]\nb: [${Array(90).fill('*a').join(', ')}]`,
    'an alias to itself': 'a: &a [*a]',
    'lists in lists': '['.repeat(20_000),
    'lists in lists that end': `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
    'mappings in mappings': '{a: '.repeat(5_000),
    'blocks in blocks': Array.from({ length: 1_500 }, (_, depth) => `${' '.repeat(depth)}a:`).join(
      '\n',
    ),
    'many keys': Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n'),
    'one key many times': 'name: x\n'.repeat(3_000),
    'many documents': '---\na: 1\n'.repeat(3_000),
    'a long number': `version: ${'9'.repeat(100_000)}`,
    'a long quoted text': `name: "${'\\x41'.repeat(50_000)}"`,
    'many anchors': Array.from({ length: 3_000 }, (_, index) => `k${index}: &a${index} x`).join(
      '\n',
    ),
    'a tag of code': 'name: !!js/function "function () {}"',
    'a merge key': 'base: &b {name: x}\n<<: *b',
  };
  it.each(Object.entries(bombs))('%s', (_name, text) => {
    answered(text);
  });

  it.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 40), text] as const))(
    'with %s in place of every text of an example',
    (_name, text) => {
      const example = parse(EXAMPLES[0]!) as Json;
      const everywhere = (value: Json): Json => {
        if (typeof value === 'string') return text;
        if (typeof value !== 'object' || value === null) return value;
        if (Array.isArray(value)) return (value as Json[]).map(everywhere);
        return Object.fromEntries(
          Object.entries(value).map(([key, part]: [string, Json]) => [key, everywhere(part)]),
        );
      };
      answered(stringify(everywhere(example)));
    },
  );
});
