import { describe, expect, test } from 'vitest';
import { headOf, link } from '../../../src/core/chain.ts';
import { GENESIS } from '../../../src/core/execution.ts';
import { SwitchoverError } from '../../../src/core/errors.ts';
import { parseEvidence } from '../../../src/report/evidence-schema.ts';
import { buildEvidence } from '../../../src/report/evidence.ts';
import type { Evidence } from '../../../src/report/evidence.ts';
import { anchoredEvents, verifyEvidence } from '../../../src/report/verify.ts';
import { sealed } from '../../../src/report/seal.ts';
import { story } from './story.ts';

const { anchors } = story();
const evidence = buildEvidence(story());
type Event = Evidence['events'][number];

/** What somebody does who can write the file: links a stream anew after changing it, heads and anchors included. */
function forge(change: (events: readonly Event[]) => readonly Event[]): Evidence {
  const heads: Evidence['heads'] = {};
  const events = change(evidence.events).map((event) => {
    const linked = link(heads[event.stream] ?? GENESIS, event);
    heads[event.stream] = headOf(linked);
    return linked;
  });
  return sealed({ ...evidence, events, heads, anchors: [] });
}

/** Whether a file with this text is refused, or found not to hold. */
function isNoticed(text: string): boolean {
  try {
    return verifyEvidence(parseEvidence(text)).length > 0;
  } catch (error) {
    return error instanceof SwitchoverError;
  }
}

const withoutAnchorEvents = (events: readonly Event[]): readonly Event[] =>
  events.filter((event) => event.type !== 'heads-anchored');

describe('verifying evidence', () => {
  test('finds nothing in what was written', () => {
    expect(verifyEvidence(evidence, anchors)).toEqual([]);
    expect(verifyEvidence(JSON.parse(JSON.stringify(evidence)) as Evidence, anchors)).toEqual([]);
  });

  test.each(evidence.events.map((event) => [event.stream, event.sequence] as const))(
    'finds a change of %s %i',
    (stream, sequence) => {
      const events = evidence.events.map((event) =>
        event.stream === stream && event.sequence === sequence
          ? { ...event, data: { ...event.data, forged: true } }
          : event,
      );
      expect(verifyEvidence({ ...evidence, events })).toContainEqual({
        stream,
        sequence,
        why: `event ${sequence} was changed after it was recorded`,
      });
    },
  );

  test('finds an event that was moved', () => {
    const events = [...evidence.events];
    [events[2], events[3]] = [events[3]!, events[2]!];
    expect(verifyEvidence({ ...evidence, events })).not.toEqual([]);
  });

  test('finds a tail that was cut, by the heads of the record', () => {
    const events = evidence.events.filter(
      (event) => !(event.stream === 'step:coffee' && event.sequence > 1),
    );
    expect(verifyEvidence({ ...evidence, events })).toContainEqual({
      stream: 'step:coffee',
      sequence: 2,
      why: 'event 2 is missing: the record of the execution names it as the last one',
    });
  });

  test('finds a tail that was cut with everything in the file made to agree, by the anchors', () => {
    const forged = forge((events) =>
      withoutAnchorEvents(events).filter(
        (event) => !(event.stream === 'step:stop' && event.sequence > 3),
      ),
    );
    expect(verifyEvidence(forged)).toEqual([]);
    expect(verifyEvidence(forged, anchors)).toContainEqual({
      stream: 'step:stop',
      sequence: 4,
      why: `event 4 is missing: anchor 5 of ${anchors[0]!.at} names it as the last one`,
    });
  });

  test('finds a record that was rewritten as a whole, by the anchors', () => {
    const forged = forge((events) =>
      withoutAnchorEvents(events).map((event) =>
        event.type === 'step-failed'
          ? { ...event, data: { ...event.data, message: 'nothing to see' } }
          : event,
      ),
    );
    expect(verifyEvidence(forged)).toEqual([]);
    expect(verifyEvidence(forged, anchors)).toContainEqual({
      stream: 'step:stop',
      sequence: 4,
      why: `event 4 is not the one that anchor 5 of ${anchors[0]!.at} names: the stream was rewritten`,
    });
  });

  test('finds a stream that is gone', () => {
    const events = evidence.events.filter((event) => event.stream !== 'step:close');
    expect(verifyEvidence({ ...evidence, events, heads: {} })).toContainEqual(
      expect.objectContaining({ stream: 'step:close', sequence: 4 }),
    );
  });

  test('finds that the plan is another one', () => {
    const plan = {
      ...evidence.plan,
      document: { ...evidence.plan.document, description: 'Another' },
    };
    expect(verifyEvidence({ ...evidence, plan })).toEqual([
      {
        stream: 'execution',
        sequence: null,
        why: `the plan's hash is not ${plan.hash}: the plan was changed`,
      },
    ]);
  });

  test('finds the chain of another execution', () => {
    const execution = { ...evidence.execution, id: 'fo-2' };
    expect(verifyEvidence({ ...evidence, execution }).map((flaw) => flaw.why)).toEqual([
      ...anchors.map(({ anchor, at }) => `anchor ${anchor} of ${at} belongs to execution fo-1`),
      'the first event is not the request of execution fo-2',
    ]);
  });

  test('finds an end that was not', () => {
    const execution = { ...evidence.execution, state: 'failed' } as const;
    expect(verifyEvidence({ ...evidence, execution })).toMatchObject([
      {
        stream: 'execution',
        why: 'the record ends otherwise than failed: Ended succeeded: cafe serves from west.',
      },
    ]);
  });

  test.each<[string, Partial<Evidence>, string]>([
    [
      'who asked',
      { requestedBy: { id: 'eve@example.com', name: 'Eve', kind: 'person' } },
      'requestedBy is given as {"id":"eve@example.com"',
    ],
    ['why', { execution: { ...evidence.execution, reason: 'a drill' } }, 'reason is given as'],
    [
      'what it came to',
      { execution: { ...evidence.execution, outcome: 'all is well' } },
      'outcome is given as "all is well", but its events say "cafe serves from west."',
    ],
    [
      'how long it took',
      { recoveryTime: { ...evidence.recoveryTime, totalSeconds: 1 } },
      'recovery time is given as 1, but its events say 320',
    ],
    [
      'what was lost',
      { recoveryPoint: { ...evidence.recoveryPoint, lossSeconds: 0 } },
      'data loss is given as 0, but its events say 400',
    ],
  ])('finds a lie about %s, also under a new seal', (_, change, why) => {
    expect(verifyEvidence(sealed({ ...evidence, ...change }))).toEqual([
      { stream: 'execution', sequence: null, why: expect.stringContaining(why) as string },
    ]);
  });

  test('takes what is in front as it is while the execution runs: events are newer then', () => {
    const execution = { ...evidence.execution, state: 'running', servedAgainAt: null } as const;
    expect(verifyEvidence(sealed({ ...evidence, execution }))).toEqual([]);
  });

  test('finds a change of any figure, word and flag in the file', () => {
    const text = JSON.stringify(evidence);
    const values = [...text.matchAll(/[[:,](?:"(?:[^"\\]|\\.)*"|[-\d.]+|true|false)(?=[,\]}])/g)];
    expect(values.length).toBeGreaterThan(400);
    const unseen = values.filter(({ 0: value, index }) => {
      const other = value.endsWith('"')
        ? `${value.slice(0, -1)}x"`
        : `${value[0] ?? ''}${/true|false/.test(value) ? String(!value.endsWith('true')) : '987654'}`;
      return !isNoticed(`${text.slice(0, index)}${other}${text.slice(index + value.length)}`);
    });
    expect(unseen.map(({ 0: value, index }) => `${index}: ${value}`)).toEqual([]);
  });

  test('finds a call that is left out of the list, and one that was never recorded', () => {
    const [first, ...calls] = evidence.calls;
    expect(verifyEvidence({ ...evidence, calls })).toMatchObject([
      { stream: 'step:close', sequence: 2, why: expect.stringContaining('leaves out') as string },
    ]);
    const invented = { ...first!, call: 'delete:everything' };
    expect(verifyEvidence({ ...evidence, calls: [...evidence.calls, invented] })).toMatchObject([
      { stream: 'step:close', why: 'no event tells of sending delete:everything (attempt 1)' },
    ]);
  });
});

test('the anchors fix what came before them, and no more', () => {
  expect(anchoredEvents(evidence, anchors)).toBe(
    evidence.events.length -
      evidence.events.filter((event) => event.at >= anchors[1]!.at).length +
      2,
  );
  expect(anchoredEvents(evidence, [])).toBe(0);
});
