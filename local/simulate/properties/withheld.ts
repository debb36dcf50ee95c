import { SYSTEM } from '../../../src/core/principal.ts';
import { parseDuration } from '../../../src/core/duration.ts';
import { START } from '../plans.ts';
import type { WatchShape } from '../plan-shape.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import { begunAt, begunByItself, requestedAt } from './by-itself.ts';
import type { Property, Violation } from './property.ts';

export const withheld: Property = {
  name: 'W2',
  promise: 'what withholds a start withholds it: hold, cool-down, limit a day, blackout; ask asks',
  broken: (run) => {
    const { watch } = run.schedule.plan;
    if (watch === undefined) return [];
    const own = begunByItself(run);
    return [
      ...own.flatMap((one) => [
        ...beyondAction(watch, one),
        ...duringBlackout(watch, one),
        ...whileCooling(run, watch, one),
      ]),
      ...whileHeld(run),
      ...tooMany(own),
    ];
  },
};

function violation(one: Told, why: string): Violation {
  return { at: requestedAt(one), sentence: `${one.header.id} began by itself ${why}` };
}

function beyondAction({ action }: WatchShape, one: Told): readonly Violation[] {
  if (action === 'notify') return [violation(one, 'although the plan only says so')];
  return action === 'ask' && (one.header.approvalsNeeded ?? 0) < 1
    ? [violation(one, 'and needs nobody, although the plan asks')]
    : [];
}

/** Whoever was told that everything is held sees nothing begin by itself, until somebody asks to lift that. */
function whileHeld(run: Run): readonly Violation[] {
  const { asked, told } = run;
  const holds = asked.filter(({ what, body }) => what === 'hold' && body['lift'] === false);
  return told
    .filter(({ header }) => header.requestedBy.id === SYSTEM.id)
    .filter((one) =>
      holds.some(
        (hold) =>
          hold.status === 200 &&
          hold.answeredAt < begunAt(run, one) &&
          !asked.some(
            ({ what, body, at }) =>
              what === 'hold' &&
              body['lift'] === true &&
              at >= hold.at - SAME_MOMENT_MS &&
              at <= begunAt(run, one) + SAME_MOMENT_MS,
          ),
      ),
    )
    .map((one) => violation(one, 'although everything was held'));
}

/** Which of two requests that are under way together comes first, nobody can know. */
const SAME_MOMENT_MS = 60_000;

function whileCooling(
  { told, asked }: Run,
  { cooldown }: WatchShape,
  one: Told,
): readonly Violation[] {
  const at = requestedAt(one);
  const seconds = parseDuration(cooldown) ?? 0;
  const before = told.filter(({ header, steps }) => {
    const ended = Date.parse(header.endedAt ?? '');
    return (
      header.plan === one.header.plan &&
      header.level === undefined &&
      steps.some(({ touched }) => touched) &&
      ended < at &&
      ended > at - seconds * 1_000 &&
      !asked.some((lift) => lift.what === 'lift-cooldown' && lift.answeredAt >= ended)
    );
  });
  return before.map(({ header }) => violation(one, `while ${header.id} was to cool down`));
}

const DAY_MS = 86_400_000;

/** One that people agreed to is theirs. */
function tooMany(own: readonly Told[]): readonly Violation[] {
  const alone = own.filter(
    ({ header, steps }) => header.approvals.length === 0 && steps.some(({ touched }) => touched),
  );
  return alone
    .slice(1)
    .filter((one, index) => {
      const last = alone[index];
      return last !== undefined && requestedAt(one) - requestedAt(last) < DAY_MS;
    })
    .map((one) => violation(one, 'although one had within a day'));
}

/** Between the look at the calendar and the request lies a moment. */
const MOMENT_MS = 10_000;

function duringBlackout({ blackout }: WatchShape, one: Told): readonly Violation[] {
  if (blackout === undefined) return [];
  const from = START + blackout.atMinutes * 60_000;
  const at = requestedAt(one);
  return at > from + MOMENT_MS && at < from + blackout.minutes * 60_000
    ? [violation(one, 'in a blackout')]
    : [];
}
