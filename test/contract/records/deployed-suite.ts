import { expect, test } from 'vitest';
import { sha256 } from '../../../src/core/chain.ts';
import type { Blobs } from '../../../src/records/blobs.ts';
import { createDeployedPlans } from '../../../src/records/deployed-plans.ts';
import type { DeployedPlans, DeployedVersion } from '../../../src/records/deployed-plans.ts';
import type { Tables } from '../../../src/records/tables.ts';

let plans = 0;
const freshPlan = (): string => `plan-${(plans += 1)}`;

function version(plan: string, number: number, text: string): DeployedVersion {
  const by = { id: 'ada', name: 'Ada', kind: 'person', roles: ['Author'] } as const;
  const at = '2026-11-21T10:00:00.000Z';
  return { plan, number, hash: sha256(text), by, at, reason: `version ${number}` };
}

/** What the plans that were pushed rest on, whichever stores they are kept in. */
export function deployedContract(storesOf: () => { tables: Tables; blobs: Blobs }): void {
  const deployed = (): DeployedPlans => {
    const { tables, blobs } = storesOf();
    return createDeployedPlans(tables, blobs);
  };
  const TEXT = '# ä 漢 🎉\r\nname: cafe\n';

  test('a version comes back with its text, as the newest and in the history', async () => {
    const plan = freshPlan();
    const one = version(plan, 1, TEXT);
    expect(await deployed().add(one, null, TEXT)).toBe(true);
    expect((await deployed().of(plan))?.value).toEqual(one);
    expect(await deployed().version(plan, 1)).toEqual(one);
    expect(await deployed().text(one)).toEqual({ text: TEXT });
    expect(await deployed().newest()).toContainEqual(one);
  });

  test('what was never pushed is not there', async () => {
    const plan = freshPlan();
    expect(await deployed().of(plan)).toBeNull();
    expect(await deployed().version(plan, 1)).toBeNull();
    expect(await deployed().history(plan)).toEqual([]);
  });

  test('of many that follow the same version one is added', async () => {
    const plan = freshPlan();
    await deployed().add(version(plan, 1, 'one'), null, 'one');
    const before = await deployed().of(plan);
    const texts = Array.from({ length: 8 }, (_, racer) => `racer ${racer}`);
    const added = await Promise.all(
      texts.map((text) => deployed().add(version(plan, 2, text), before, text)),
    );
    expect(added.filter(Boolean)).toHaveLength(1);
    const winner = version(plan, 2, texts[added.indexOf(true)] ?? '');
    expect((await deployed().of(plan))?.value).toEqual(winner);
    expect(await deployed().history(plan)).toEqual([winner, version(plan, 1, 'one')]);
  });

  test('of two first versions one is added', async () => {
    const plan = freshPlan();
    const added = await Promise.all(
      ['one', 'two'].map((text) => deployed().add(version(plan, 1, text), null, text)),
    );
    expect(added.sort()).toEqual([false, true]);
  });

  test('the history is in order beyond nine versions, and of this plan alone', async () => {
    const plan = freshPlan();
    await deployed().add(version(`${plan}-other`, 1, 'other'), null, 'other');
    for (let number = 1; number <= 11; number += 1)
      await deployed().add(version(plan, number, 'same'), await deployed().of(plan), 'same');
    const numbers = (await deployed().history(plan)).map(({ number }) => number);
    expect(numbers).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  });

  test('a text that was changed by hand is no text of the version; pushed again it is mended', async () => {
    const plan = freshPlan();
    const one = version(plan, 1, TEXT);
    await deployed().add(one, null, TEXT);
    const { blobs } = storesOf();
    await blobs.put('plans', `${plan}/${one.hash}.yaml`, `${TEXT}more`, 'application/yaml');
    expect(await deployed().text(one)).toMatchObject({
      lost: expect.stringContaining('changed') as string,
    });
    await deployed().add(version(plan, 2, TEXT), await deployed().of(plan), TEXT);
    expect(await deployed().text(one)).toEqual({ text: TEXT });
  });

  test('a text that is not there is lost', async () => {
    expect(await deployed().text(version(freshPlan(), 1, TEXT))).toMatchObject({
      lost: expect.stringContaining('missing') as string,
    });
  });
}
