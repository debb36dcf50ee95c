import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../src/core/events.ts';
import { pageAfter } from '../../../src/root/event-page.ts';

const EVENTS = [
  event('execution', 1, '10:00:00.000'),
  event('operator', 1, '10:00:02.000'),
  event('step:database', 1, '10:00:03.000'),
  event('step:machines', 1, '10:00:03.000'),
  event('step:database', 2, '10:00:04.000'),
  event('execution', 2, '10:00:05.000'),
];

function event(stream: string, sequence: number, time: string): RecordedEvent {
  return {
    stream,
    sequence,
    at: `2026-11-21T${time}Z`,
    type: 'execution-ended',
    data: { state: 'succeeded', outcome: 'It serves.' },
    prev: '',
    hash: '',
  };
}

function names(events: readonly RecordedEvent[]): string[] {
  return events.map(({ stream, sequence }) => `${stream}.${sequence}`);
}

describe('a page of events', () => {
  it.each([[null], [''], ['not a cursor'], ['2026-11-21T10:00:05.000Z~execution~0000000002']])(
    'begins at the beginning after %j',
    (cursor) => {
      expect(names(pageAfter(EVENTS, cursor).events)).toEqual(names(EVENTS));
    },
  );

  it('has nothing new after its own end, and keeps the place', () => {
    const { next } = pageAfter(EVENTS, null);
    expect(pageAfter(EVENTS, next)).toEqual({ events: [], next });
  });

  it('has no place before there is anything', () => {
    expect(pageAfter([], null)).toEqual({ events: [], next: '' });
  });

  it('goes on wherever it was cut', () => {
    for (let cut = 0; cut <= EVENTS.length; cut += 1) {
      const first = pageAfter(EVENTS.slice(0, cut), null);
      const second = pageAfter(EVENTS, first.next);
      expect(names([...first.events, ...second.events])).toEqual(names(EVENTS));
    }
  });

  it('has what was recorded late, though it happened earlier than what was seen', () => {
    const late = event('step:machines', 2, '10:00:03.500');
    const { next } = pageAfter(EVENTS, null);
    expect(names(pageAfter([...EVENTS, late], next).events)).toEqual(['step:machines.2']);
  });

  it('has what is recorded of a new stream in a moment that was seen', () => {
    const other = event('step:addresses', 1, '10:00:05.000');
    const { next } = pageAfter(EVENTS, null);
    expect(names(pageAfter([...EVENTS, other], next).events)).toEqual(['step:addresses.1']);
  });

  it('tells a step whose name ends like a number from another', () => {
    const events = [
      event('step:part-1', 1, '10:00:00.000'),
      event('step:part', 11, '10:00:01.000'),
    ];
    const { next } = pageAfter(events, null);
    expect(pageAfter(events, next).events).toEqual([]);
  });
});
