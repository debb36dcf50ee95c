import { beforeEach, expect, it } from 'vitest';
import { deployedSource } from '../../../src/root/deployed-source.ts';
import type { DeployedSource } from '../../../src/root/deployed-source.ts';
import type { DeployedText, DeployedVersion } from '../../../src/records/deployed-plans.ts';

const TEA = version('tea', 1);
const CAFE = version('cafe', 3);

function version(plan: string, number: number): DeployedVersion {
  const by = { id: 'ada', name: 'Ada', kind: 'person', roles: [] } as const;
  const at = '2026-11-21T10:00:00.000Z';
  return { plan, number, hash: `${plan}${number}`, by, at, reason: 'a test' };
}

let now = 0;
let reads: string[];
let newest: readonly DeployedVersion[];
/** What becomes of reading a text; by itself, it is the hash's. */
let texts: (hash: string) => DeployedText;
let source: DeployedSource;

beforeEach(() => {
  reads = [];
  newest = [CAFE, TEA];
  texts = (hash) => ({ text: `text ${hash}` });
  source = deployedSource(
    {
      newest: async () => newest,
      async text({ hash }) {
        reads.push(hash);
        return texts(hash);
      },
    },
    { now: () => now, sleep: async () => undefined },
  );
});

const listed = async (): Promise<string[]> =>
  (await source.list()).map((one) => ('text' in one ? one.text : `lost: ${one.lost}`));
const failing = (): never => {
  throw new Error('The store does not answer.');
};

it('reads a text once, and what was pushed since at the next use', async () => {
  expect(await listed()).toEqual(['text cafe3', 'text tea1']);
  newest = [version('cafe', 4), TEA];
  expect(await listed()).toEqual(['text cafe4', 'text tea1']);
  expect(reads).toEqual(['cafe3', 'tea1', 'cafe4']);
});

it('leaves out what was retired', async () => {
  newest = [{ ...CAFE, retired: true }, TEA];
  expect(await listed()).toEqual(['text tea1']);
});

it('looks again after five minutes whether a text still is what was pushed', async () => {
  await listed();
  texts = (hash) => (hash === 'tea1' ? { lost: 'changed' } : { text: 'text cafe3' });
  now += 299_000;
  expect(await listed()).toEqual(['text cafe3', 'text tea1']);
  now += 2_000;
  expect(await listed()).toEqual(['text cafe3', 'lost: changed']);
  texts = (hash) => ({ text: `text ${hash}` });
  expect(await listed()).toEqual(['text cafe3', 'text tea1']);
});

it('goes on with a text that it has while documents cannot be read', async () => {
  await listed();
  texts = failing;
  now += 24 * 3_600_000;
  expect(await listed()).toEqual(['text cafe3', 'text tea1']);
});

it('has no text of a version that it never read while documents cannot be read; others go on', async () => {
  await listed();
  texts = failing;
  newest = [version('cafe', 4), TEA];
  expect(await listed()).toEqual(['lost: The store does not answer.', 'text tea1']);
});
