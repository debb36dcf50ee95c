import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { play } from '../support/scenario.ts';
import { readStory } from '../support/scenario-file.ts';

const folder = `${import.meta.dirname}/../scenarios`;

/** A new folder is a new test; `vitest run test/integration/scenarios.test.ts --update=all` writes what it expects. */
const stories = readdirSync(folder).map((name) => ({
  name,
  story: readStory(readFileSync(`${folder}/${name}/scenario.yaml`, 'utf8')),
}));

it.each(stories)('$name: $story.shows', async ({ name, story }) => {
  const told = await play(story);
  const expected = `${folder}/${name}/expect.txt`;
  if (process.env['CI'] !== undefined) expect(existsSync(expected)).toBe(true);
  await expect(told).toMatchFileSnapshot(expected);
});
