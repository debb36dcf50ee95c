import { stepStream } from '../../../src/core/events.ts';
import type { RecordedEvent } from '../../../src/core/events.ts';
import { LATE } from '../draw-fault.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import { setsClockAnew } from '../schedule.ts';
import { attributed } from './attribution.ts';
import type { Property, Violation } from './property.ts';

/** S5, and the half of S8 that is about calls: an attempt row and its event are written together. */
export const calls: Property = {
  name: 'S5',
  promise:
    'each mutating call is announced, sent at most once per attempt, and never blindly again',
  broken: (run) => [
    ...attributed(run)
      .filter(({ by }) => by === null)
      .map(({ change: { at, entry } }) => ({
        at,
        sentence: `${entry.method} ${entry.path} came without an attempt of its own (${entry.effect ?? 'no effect'})`,
      })),
    ...run.told.flatMap(blindRepeats),
    ...repeatedEffects(run),
    ...(setsClockAnew(run.schedule) ? [] : run.told.flatMap(hastyVerdicts)),
  ],
};

const SETTLED = ['call-answered', 'call-refused', 'call-resolved'];

/** A call may be sent again only when it is known what became of it the time before. */
function blindRepeats(told: Told): readonly Violation[] {
  return told.steps.flatMap(({ id }) => {
    const open = new Map<string, RecordedEvent>();
    const violations: Violation[] = [];
    const stream = told.events
      .filter((event) => event.stream === stepStream(id))
      .toSorted((left, right) => left.sequence - right.sequence);
    for (const event of stream) {
      if (event.type === 'call-sent') {
        const key = `${event.data.direction} ${event.data.call}`;
        if (open.has(key)) {
          violations.push({
            at: Date.parse(event.at),
            sentence: `${told.header.id}: ${id} sent ${event.data.call} again before it was known what became of it`,
          });
        }
        open.set(key, event);
      } else if (
        SETTLED.includes(event.type) &&
        'call' in event.data &&
        'direction' in event.data
      ) {
        open.delete(`${event.data.direction} ${event.data.call}`);
      }
    }
    return violations;
  });
}

/** A receiver knows a repeat by its key; one that it has taken and not called failed is never sent under another. */
function repeatedEffects({ effects }: Run): readonly Violation[] {
  return effects
    .filter((one, index) =>
      effects
        .slice(0, index)
        .some(({ execution, action }) => execution === one.execution && action === one.action),
    )
    .map(({ at, execution, action, key }) => ({
      at,
      sentence: `${execution} asked the receiver a second time to ${action}, under the key ${key}`,
    }));
}

/** What did not show its effect may still be on its way for as long as the simulated world lets requests be late. */
function hastyVerdicts({ header, steps, events }: Told): readonly Violation[] {
  const sent = new Map<string, number>();
  const violations: Violation[] = [];
  for (const event of events.toSorted((left, right) => left.at.localeCompare(right.at))) {
    if (event.type !== 'call-sent' && event.type !== 'call-resolved') continue;
    const { step, direction, call } = event.data;
    const key = `${step} ${direction} ${call}`;
    const at = Date.parse(event.at);
    if (event.type === 'call-sent') sent.set(key, at);
    else if (
      !event.data.effect &&
      event.data.blind !== true &&
      at - (sent.get(key) ?? at) < latestSeconds(steps, step) * 1_000
    )
      violations.push({
        at,
        sentence: `${header.id}: ${step} took ${call} for lost while it could still arrive`,
      });
  }
  return violations;
}

function latestSeconds(steps: Told['steps'], step: string): number {
  const uses = steps.find(({ id }) => id === step)?.uses;
  return Math.max(...(uses === 'traffic-manager/switch' ? LATE.trafficManager : LATE.others));
}
