import { instant } from '../../core/clock.ts';
import type { Happening } from '../../core/events.ts';
import type { AttemptRecord } from '../../core/step.ts';
import type { Loaded } from '../../records/partition.ts';
import type { Observation } from '../../steps/contract.ts';
import { unanswered } from './page.ts';
import type { Page } from './page.ts';

/** What a look tells about calls that were never answered. */
export interface Resolved {
  readonly events: readonly Happening[];
  readonly rows: {
    readonly attempts: readonly { before: Loaded<AttemptRecord>; after: AttemptRecord }[];
  };
}

export const NOTHING_RESOLVED: Resolved = { events: [], rows: { attempts: [] } };

/** Unanswered calls, told by what was seen whether they had their effect. */
export function resolved(
  page: Page,
  seen: Observation,
  effect: boolean,
  open = unanswered(page),
): Resolved {
  const at = instant(page.deps.clock.now());
  return {
    events: open.map(({ value }): Happening => ({
      type: 'call-resolved',
      data: {
        step: value.step,
        direction: value.direction,
        call: value.call,
        attempt: value.attempt,
        effect,
        ...(seen.blind === true && !effect ? { blind: true } : {}),
        resolution: seen.sentence,
      },
    })),
    rows: {
      attempts: open.map((before) => ({
        before,
        after: { ...before.value, outcome: 'resolved', resolution: seen.sentence, answeredAt: at },
      })),
    },
  };
}

/** What stood there before this execution touched it is kept once: an undo restores just that. */
export function firstSight(page: Page, seen: Observation): { before?: Observation['facts'] } {
  const { step } = page;
  return step.direction === 'forward' && step.before === undefined && !step.touched
    ? { before: seen.facts }
    : {};
}

/** An observation is an event when it says something new. */
export function changed(page: Page, seen: Observation): Happening[] {
  if (seen.sentence === page.step.sentence) return [];
  const { id, direction } = page.step;
  return [
    {
      type: 'observed',
      data: { step: id, direction, goal: seen.goal, sentence: seen.sentence, facts: seen.facts },
    },
  ];
}
