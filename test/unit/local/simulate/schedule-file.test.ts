import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawSchedule } from '../../../../local/simulate/draw.ts';
import { readSchedule } from '../../../../local/simulate/schedule-file.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schedule-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function read(written: unknown): ReturnType<typeof readSchedule> {
  const file = join(folder, 'mine.json');
  await writeFile(file, typeof written === 'string' ? written : JSON.stringify(written));
  return readSchedule(file);
}

/** Seed 1 with only these happenings. */
function withHappenings(...happenings: readonly object[]): object {
  return { ...drawSchedule(1), happenings };
}

const OUTAGE = { do: 'outage', at: 30, region: 'eastus', size: 'data' };

describe('a file with a schedule', () => {
  it('gives back whatever a seed draws', async () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const drawn = drawSchedule(seed);
      expect(await read(drawn)).toEqual(drawn);
    }
  });

  it('may say why the schedule is kept', async () => {
    const schedule = drawSchedule(7);
    expect(await read({ why: 'It broke once.', schedule })).toEqual(schedule);
  });

  it.each<[string, unknown, RegExp]>([
    ['is empty', '', /mine\.json is no JSON/],
    ['is cut short', JSON.stringify(drawSchedule(1)).slice(0, 90), /mine\.json is no JSON/],
    ['is a list', [], /mine\.json is no schedule: Invalid input: expected object/],
    ['lacks members', { seed: 1 }, /schedule: plan: Invalid input.*; and \d more\.$/],
    ['knows more', { ...drawSchedule(1), happening: [] }, /Unrecognized key: "happening"/],
    ['is kept, and wrong', { why: '', schedule: {} }, /schedule: schedule\.seed: /],
  ])('is refused when it %s', async (_, written, sentence) => {
    await expect(read(written)).rejects.toThrow(sentence);
  });

  it.each<[string, object, RegExp]>([
    [
      'an unknown thing',
      { ...OUTAGE, do: 'flood' },
      /happenings\[0\]\.do: expected one of outage, /,
    ],
    ['an unknown region', { ...OUTAGE, region: 'mars' }, /happenings\[0\]\.region: .*"eastus"/],
    ['an unknown size', { ...OUTAGE, size: 'huge' }, /happenings\[0\]\.size: .*"control"/],
    ['no time', { do: 'steal' }, /happenings\[0\]\.at: .*expected number, received undefined/],
    ['an odd time', { ...OUTAGE, at: 'noon' }, /happenings\[0\]\.at: .*expected number/],
    ['a time without end', { ...OUTAGE, at: 1e12 }, /happenings\[0\]\.at: Too big/],
    ['a missing member', { do: 'cut', at: 1, what: 'eastus' }, /happenings\[0\]\.seconds: /],
    [
      'an unknown person',
      { do: 'start', at: 1, kind: 'failover', mode: 'planned', as: 'nobody', key: null },
      /happenings\[0\]\.as: expected one of .*operator/,
    ],
  ])('is refused with a happening that has %s', async (_, happening, sentence) => {
    await expect(read(withHappenings(happening))).rejects.toThrow(sentence);
  });

  it('is refused when happenings stand in another order than they happen', async () => {
    const unordered = withHappenings(OUTAGE, { ...OUTAGE, at: 29 });
    await expect(read(unordered)).rejects.toThrow(/happenings: expected the order/);
  });

  it('is named when it is not there', async () => {
    await expect(readSchedule(join(folder, 'none.json'))).rejects.toThrow(
      /none\.json cannot be read: ENOENT/,
    );
  });
});
