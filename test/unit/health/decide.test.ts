import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/core/watching.ts';
import { decide } from '../../../src/health/decide.ts';
import { RULE, at, standingAfter } from '../../support/looks.ts';
import type { Seen, Trace } from '../../support/looks.ts';

interface Situation {
  /** Traces of the side that serves, by signal. */
  readonly here: Readonly<Record<string, Trace>>;
  readonly there?: Readonly<Record<string, Trace>>;
  readonly heard?: boolean;
  readonly cold?: boolean;
  readonly quorum?: number;
  readonly seconds?: number;
}

const SIGNALS: Readonly<Record<string, Seen>> = {
  front: { domain: 'our-network' },
  api: { domain: 'our-network' },
  traffic: { domain: 'traffic-manager' },
  database: { domain: 'resource-manager' },
  alert: { domain: 'monitor', weight: 'hint' },
  page: { domain: 'monitor', weight: 'proof' },
};

function judged({
  here,
  there = {},
  heard = true,
  cold = true,
  quorum = 2,
  seconds,
}: Situation): Verdict {
  const rule = { ...RULE, quorum };
  const of = (traces: Readonly<Record<string, Trace>>, site: string) =>
    Object.entries(traces).flatMap(
      ([signal, trace]) => standingAfter(trace, { signal, site, rule, ...SIGNALS[signal] }) ?? [],
    );
  const ticks = Math.max(...Object.values({ ...here, ...there }).map((trace) => trace.length), 1);
  return decide({
    active: 'east',
    other: { site: 'west', isCold: cold },
    rule,
    standings: [...of(here, 'east'), ...of(there, 'west')],
    heard,
    now: at(seconds ?? (ticks - 1) * 30),
  });
}

describe('the verdict', () => {
  it.each<[why: string, Verdict['is'], Situation]>([
    ['all is well', 'healthy', { here: { front: 'ggg', traffic: 'ggg' } }],
    ['one good look after a start is enough', 'healthy', { here: { front: 'g' } }],
    [
      'something looks bad for the first time',
      'suspect',
      { here: { front: 'ggb', traffic: 'ggg' } },
    ],
    ['one source is not enough', 'suspect', { here: { front: 'bbb', traffic: 'ggg' } }],
    [
      'two from one place count once',
      'suspect',
      { here: { front: 'bbb', api: 'bbb', traffic: 'ggg' } },
    ],
    [
      'two from different places are enough',
      'failed',
      { here: { front: 'bbb', traffic: 'bbb', database: 'ggg' } },
    ],
    ['the second one is not sure yet', 'suspect', { here: { front: 'bbbb', traffic: 'gbb' } }],
    ['one of them looks good again', 'suspect', { here: { front: 'bbbg', traffic: 'bbbb' } }],
    [
      'both look good again, but not for long',
      'suspect',
      { here: { front: 'bbbgg', traffic: 'bbbgg' } },
    ],
    ['both have come back', 'healthy', { here: { front: 'bbbggg', traffic: 'bbbggg' } }],
    [
      'an alert that wants to be confirmed is not',
      'suspect',
      { here: { alert: 'bbb' }, quorum: 1 },
    ],
    ['an alert is confirmed', 'failed', { here: { alert: 'bbb', front: 'bbb' } }],
    ['an alert is believed alone', 'failed', { here: { page: 'b', front: 'ggg' } }],
    ['nobody has told anything', 'unknown', { here: { front: 'uuu' } }],
    ['nobody has told anything lately', 'unknown', { here: { front: 'ggg' }, seconds: 900 }],
    [
      'what said bad has fallen silent',
      'unknown',
      { here: { front: 'bbb', traffic: 'bbb' }, seconds: 900 },
    ],
    [
      'nothing at all is heard',
      'cut-off',
      { here: { front: 'bbb', traffic: 'uuu' }, heard: false, quorum: 1 },
    ],
    [
      'nothing is heard, but who is believed alone has told us',
      'failed',
      { here: { front: 'bbb', page: 'b' }, heard: false },
    ],
    [
      'nothing is heard of either side, but who is believed alone has told us of one',
      'failed',
      { here: { front: 'bbb', page: 'b' }, there: { front: 'bbb' }, cold: false, heard: false },
    ],
    ['nothing was heard from the beginning', 'cut-off', { here: { front: 'uuu' }, heard: false }],
    [
      'the other side is down, too',
      'both-down',
      {
        here: { front: 'bbb', traffic: 'bbb' },
        there: { front: 'bbb', traffic: 'uuu' },
        cold: false,
      },
    ],
    [
      'the other side has just begun to look bad',
      'both-down',
      { here: { front: 'bbb', traffic: 'bbb' }, there: { front: 'ggb' }, cold: false },
    ],
    [
      'the other side is seen well by somebody',
      'failed',
      {
        here: { front: 'bbb', traffic: 'bbb' },
        there: { front: 'bbb', database: 'ggg' },
        cold: false,
      },
    ],
    [
      'the other side is cold and answers no probe',
      'failed',
      { here: { front: 'bbb', traffic: 'bbb' }, there: { front: 'bbb' } },
    ],
    [
      'only the side that rests is down',
      'healthy',
      { here: { front: 'ggg' }, there: { front: 'bbb' }, cold: false },
    ],
  ])('when %s is %s', (_why, is, situation) => {
    const verdict = judged(situation);
    expect(verdict.is).toBe(is);
    expect(verdict.sentence).toMatch(/^[A-Za-z].*\.$/);
  });

  it('says why, signal by signal, and since when', () => {
    expect(judged({ here: { front: 'gbbbb', traffic: '-bbb', database: 'ggu' }, seconds: 120 }))
      .toMatchInlineSnapshot(`
      {
        "because": [
          "front at east: bad 4 times since 10:00:30 (bad)",
          "traffic at east: bad 3 times since 10:00:30 (bad)",
          "database at east: good; now it tells nothing: unclear",
        ],
        "firstBadAt": "2026-11-21T10:00:30.000Z",
        "is": "failed",
        "sentence": "east has failed: 2 independent sources of 2 needed say so (front, traffic).",
      }
    `);
  });
});
