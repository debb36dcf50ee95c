import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = '.github/workflows';

const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const step = z.strictObject({
  name: z.string().optional(),
  uses: z.string().optional(),
  with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  env: z.record(z.string(), z.string()).optional(),
  run: z.string().optional(),
});
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency: z
    .strictObject({ group: z.string(), 'cancel-in-progress': z.string().optional() })
    .optional(),
  jobs: z.record(
    z.string(),
    z.strictObject({
      'runs-on': z.literal('ubuntu-latest'),
      'timeout-minutes': z.number(),
      environment: z.string().optional(),
      permissions: permissions.optional(),
      env: z.record(z.string(), z.string()).optional(),
      steps: z.array(step).min(1),
    }),
  ),
});
type Step = z.infer<typeof step>;

const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync('package.json', 'utf8'))).scripts;

function read(file: string): { text: string; parsed: z.infer<typeof workflow> } {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return { text, parsed: workflow.parse(parse(text)) };
}

const files = readdirSync(FOLDER);

it('there are four workflows', () => {
  expect(files.sort()).toEqual(['deploy.yml', 'package.yml', 'release.yml', 'test.yml']);
});

describe.each(files)('%s', (file) => {
  const { text, parsed } = read(file);
  const jobs = Object.values(parsed.jobs);
  const steps: readonly Step[] = jobs.flatMap((job) => job.steps);

  it('pins every action to a commit, and says which version that is', () => {
    const uses = [...text.matchAll(/uses: (.*)$/gm)].map(([, action]) => action);
    expect(uses).toHaveLength(steps.filter((one) => one.uses !== undefined).length);
    for (const action of uses)
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('leaves no token behind for the code that it runs', () => {
    const checkouts = steps.filter((one) => one.uses?.startsWith('actions/checkout@') === true);
    expect(checkouts).not.toHaveLength(0);
    for (const one of checkouts) expect(one.with?.['persist-credentials']).toBe(false);
  });

  it('knows no secrets', () => {
    expect(text).not.toMatch(/\bsecrets\b/);
    expect(text).not.toMatch(/password|client-secret|creds\b|(?:key|token):\s+[\w-]{16,}/i);
  });

  it('puts nothing that somebody typed into a script', () => {
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it('calls only scripts and files that there are', () => {
    const runs = steps.map(({ run = '' }) => run).join('\n');
    const called = [...runs.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name]) => name);
    for (const name of called) expect(Object.keys(scripts)).toContain(name);
    for (const [, path = ''] of runs.matchAll(/^(\.\S+)$/gm)) expect(existsSync(path)).toBe(true);
  });
});

it.each([
  ['test.yml', { contents: 'read' }],
  ['package.yml', { contents: 'read' }],
  ['release.yml', { contents: 'write' }],
  // The run's own token in place of a password.
  ['deploy.yml', { contents: 'read', 'id-token': 'write' }],
])('%s may do no more than it must', (file, needed) => {
  const { parsed } = read(file);
  for (const job of Object.values(parsed.jobs))
    expect(job.permissions ?? parsed.permissions).toEqual(needed);
  if (Object.values(needed).includes('write')) expect(parsed.permissions).toEqual({});
});

it('deploys after the package was compared with its hash and no execution acts', () => {
  const { steps } = read('deploy.yml').parsed.jobs['deploy']!;
  const at = (part: string): number => steps.findIndex(({ run = '' }) => run.includes(part));
  const deployment = at('config-zip');
  expect(deployment).toBeGreaterThan(0);
  for (const part of ['sha256sum --check', 'npm run --silent nothing-runs']) {
    expect(at(part)).toBeGreaterThan(-1);
    expect(at(part)).toBeLessThan(deployment);
  }
  expect(at('/api/health')).toBeGreaterThan(deployment);
});

it('releases the zip, its hash and its bill of materials after all tests', () => {
  const { steps } = read('release.yml').parsed.jobs['release']!;
  const last = steps.at(-1)?.run ?? '';
  for (const file of ['switchover.zip', 'switchover.zip.sha256', 'switchover.cdx.json'])
    expect(last).toContain(`dist/${file}`);
  expect(steps.findIndex(({ run }) => run === '.ci/run')).toBeLessThan(
    steps.findIndex(({ run }) => run === 'npm run --silent package'),
  );
});
