import { describe, expect, it } from 'vitest';
import { SYSTEM } from '../../../src/core/principal.ts';
import { restraints } from '../../../src/health/restraint.ts';
import type { Circumstances } from '../../../src/health/restraint.ts';
import type { Watch } from '../../../src/plan/watch.ts';
import type { Ended } from '../../../src/records/ended.ts';
import { RULE, at } from '../../support/looks.ts';

const WATCH: Watch = {
  action: 'act',
  signals: [],
  rule: RULE,
  cooldownSeconds: 3_600,
  maxPerDay: 2,
  blackouts: [],
};
const CALM: Circumstances = {
  plan: 'cafe',
  watch: WATCH,
  hold: null,
  lift: null,
  ended: [],
  open: null,
  readiness: { ready: 'yes', why: '' },
  now: at(0),
};
const HOUR = 3_600;

function ended(secondsAgo: number, more: Partial<Ended> = {}): Ended {
  return {
    execution: `fo-${secondsAgo}`,
    state: 'succeeded',
    at: at(-secondsAgo),
    changed: true,
    byItself: true,
    declined: false,
    ...more,
  };
}

const lifted = (secondsAgo: number): Circumstances['lift'] => ({
  ...{ what: 'cooldown-lifted', plan: 'cafe', by: SYSTEM, at: at(-secondsAgo), reason: 'stable' },
});

describe('nothing starts by itself', () => {
  it.each<[why: string, expected: readonly string[], Partial<Circumstances>]>([
    ['when nothing stands against it, it does', [], {}],
    ['while everything is held', ['hold'], { hold: { ...lifted(5)!, what: 'held', plan: null } }],
    ['while an execution is open', ['open-execution'], { open: 'fo-1' }],
    ['for an hour after something was changed', ['cooldown'], { ended: [ended(HOUR - 1)] }],
    ['but after the hour it does', [], { ended: [ended(HOUR)] }],
    [
      'what changed nothing cools nothing down',
      [],
      { ended: [ended(60, { changed: false, state: 'expired' })] },
    ],
    ['a cool-down that was lifted is over', [], { ended: [ended(60)], lift: lifted(30) }],
    [
      'but not the next one',
      ['cooldown'],
      { ended: [ended(20), ended(60, { byItself: false })], lift: lifted(30) },
    ],
    [
      'after a person said no',
      ['declined'],
      { ended: [ended(60, { changed: false, declined: true, state: 'rejected' })] },
    ],
    [
      'for some minutes after it was refused',
      ['refused'],
      { ended: [ended(299, { changed: false, state: 'refused' })] },
    ],
    [
      'but then it is tried again',
      [],
      { ended: [ended(300, { changed: false, state: 'refused' })] },
    ],
    [
      'when a person was refused, it does',
      [],
      { ended: [ended(60, { changed: false, byItself: false, state: 'refused' })] },
    ],
    [
      'when enough have begun today',
      ['max-per-day'],
      { ended: [ended(2 * HOUR), ended(23 * HOUR)] },
    ],
    ['but yesterday does not count', [], { ended: [ended(2 * HOUR), ended(24 * HOUR)] }],
    [
      'nor what people have approved',
      [],
      { ended: [ended(2 * HOUR), ended(3 * HOUR, { byItself: false })] },
    ],
    [
      'nor does it matter to who only asks',
      [],
      { watch: { ...WATCH, action: 'ask' }, ended: [ended(2 * HOUR), ended(3 * HOUR)] },
    ],
    [
      'when the other side could not take over',
      ['not-ready'],
      { readiness: { ready: 'no', why: 'west has no database.' } },
    ],
    [
      'when nobody knows whether it could',
      ['not-ready'],
      { readiness: { ready: 'unknown', why: 'Not read.' } },
    ],
    [
      'but a person may be asked then',
      [],
      { watch: { ...WATCH, action: 'ask' }, readiness: { ready: 'unknown', why: 'Not read.' } },
    ],
    [
      'and all reasons are told',
      ['open-execution', 'cooldown'],
      { open: 'fo-1', ended: [ended(5)] },
    ],
  ])('%s: %j', (_why, expected, situation) => {
    expect(restraints({ ...CALM, ...situation }).map(({ is }) => is)).toEqual(expected);
  });

  it.each<[command: string, Partial<Circumstances>]>([
    ['switchover plan cooldown cafe --lift --reason', { ended: [ended(60)] }],
    ['switchover hold --lift --reason', { hold: lifted(60) }],
  ])('says the command that lifts it, as it can be given: %s', (command, situation) => {
    expect(restraints({ ...CALM, ...situation })[0]?.sentence).toContain(command);
  });

  it('says until when, where it ends by itself', () => {
    expect(restraints({ ...CALM, ended: [ended(60)] })).toMatchObject([{ until: at(HOUR - 60) }]);
  });
});

describe('a blackout', () => {
  // Every night at half past two for an hour, as the clocks in Berlin say.
  const nightly = {
    cron: '30 2 * * *',
    timeZone: 'Europe/Berlin',
    seconds: 3_600,
    reason: 'batch',
  };
  it.each<[now: string, is: boolean, why: string]>([
    ['2026-07-01T00:29:59.000Z', false, 'in summer it begins at 00:30 UTC'],
    ['2026-07-01T00:30:00.000Z', true, 'and holds'],
    ['2026-07-01T01:29:59.000Z', true, 'for an hour'],
    ['2026-07-01T01:30:00.000Z', false, 'and no longer'],
    ['2026-12-01T00:45:00.000Z', false, 'in winter it begins an hour later'],
    ['2026-12-01T01:45:00.000Z', true, 'and holds then'],
    // On 25 October 2026 half past two comes twice, at 00:30 and 01:30 UTC.
    [
      '2026-10-25T00:45:00.000Z',
      true,
      'when the clocks go back it holds from the first half past two',
    ],
    // On 29 March 2026 there is no half past two: three o'clock follows upon two, at 01:00 UTC.
    ['2026-03-29T01:45:00.000Z', true, 'when they go forward it holds all the same'],
    ['2026-03-29T03:00:00.000Z', false, 'and ends'],
  ])('at %s is %s: %s', (now, is) => {
    const found = restraints({ ...CALM, now, watch: { ...WATCH, blackouts: [nightly] } });
    expect(found.map((one) => one.is)).toEqual(is ? ['blackout'] : []);
  });
});
