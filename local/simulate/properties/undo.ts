import { WEBHOOK } from '../further-steps.ts';
import type { Told } from '../records.ts';
import type { Run } from '../run.ts';
import type { Truth } from '../truth.ts';
import type { Property, Violation } from './property.ts';

export const undo: Property = {
  name: 'S6',
  promise: 'compensation undoes exactly what was done, in reverse',
  broken: (run) =>
    run.told.flatMap((one) => [
      ...left(one),
      ...twice(one),
      ...unasked(run, one),
      ...wrongOrder(one),
      ...otherThanBefore(run, one),
      ...notAskedBack(run, one),
    ]),
};

function left({ header, steps, plan }: Told): readonly Violation[] {
  if (header.state !== 'compensated') return [];
  const at = Date.parse(header.endedAt ?? header.requestedAt);
  return steps.flatMap((step) => {
    const undoable = plan.step(step.id).bound.motion('undo') !== null;
    const violation = (why: string): Violation => ({
      at,
      sentence: `${header.id} is compensated, but ${step.id} ${why}`,
    });
    if (step.touched && undoable && step.state !== 'undone' && step.waived !== true)
      return [violation(`is ${step.state}`)];
    return !step.touched && step.state === 'undone' ? [violation('was undone untouched')] : [];
  });
}

/** Compensating towards a side that may be dead is ordered by a person, or by the plan: also when it comes to nothing. */
function unasked(
  { headers }: Run,
  { header: { id, mode }, steps, plan }: Told,
): readonly Violation[] {
  if (mode === 'planned' || steps.some((step) => plan.step(step.id).onFailure === 'compensate'))
    return [];
  const begun = headers.find(({ record }) => record.id === id && record.state === 'compensating');
  return begun === undefined || begun.record.undoOrdered === true
    ? []
    : [{ at: begun.at, sentence: `${id} is unplanned and rolled back although nobody ordered it` }];
}

/** What is undone stays undone: nobody looks at it again. */
function twice({ header, events }: Told): readonly Violation[] {
  const undone = events.filter((event) => event.type === 'step-undone');
  return undone
    .filter(({ data }, index) => undone.findIndex((one) => one.data.step === data.step) < index)
    .map(({ at, data }) => ({
      at: Date.parse(at),
      sentence: `${header.id} undid ${data.step} twice`,
    }));
}

/** The world is as it was, when nobody but this execution moved it: the last one, and no outage in between. */
function otherThanBefore(run: Run, { header, steps }: Told): readonly Violation[] {
  const { told, headers, truths, schedule, endedAt } = run;
  const isLast = told.at(-1)?.header.id === header.id;
  if (header.state !== 'compensated' || !isLast) return [];
  if (schedule.happenings.some((one) => one.do === 'outage')) return [];
  if (steps.some(({ waived }) => waived === true)) return [];
  const before = headers.find(({ record }) => record.id === header.id)?.truth;
  const after = truths.at(-1)?.truth;
  if (before === undefined || after === undefined) return [];
  const shown = ({ primary, endpoints, sites }: Truth): string =>
    JSON.stringify([primary, endpoints, sites[header.from]?.serves]);
  return shown(before) === shown(after)
    ? []
    : [
        {
          at: endedAt,
          sentence: `${header.id} is compensated, but the world was ${shown(before)} and is ${shown(after)}`,
        },
      ];
}

/** A later stage is undone before an earlier one begins to be. */
function wrongOrder({ header, steps, events }: Told): readonly Violation[] {
  const stageOf = new Map(steps.map(({ id, stage }) => [id, stage]));
  const violations: Violation[] = [];
  let lowest = Infinity;
  for (const event of events) {
    if (event.type !== 'undo-began') continue;
    const { step } = event.data;
    const stage = stageOf.get(step) ?? 0;
    if (stage > lowest) {
      violations.push({
        at: Date.parse(event.at),
        sentence: `${header.id}: ${step} began to be undone after an earlier stage`,
      });
    }
    lowest = Math.min(lowest, stage);
  }
  return violations;
}

/**
 * Whoever was asked by webhook is asked back, and nobody else is. Asked without an answer it may have done what it was
 * asked for, so that it is asked back as well.
 */
function notAskedBack({ effects }: Run, { header, steps, attempts }: Told): readonly Violation[] {
  if (header.state !== 'compensated' || steps.some(({ waived }) => waived === true)) return [];
  const own = effects.filter(({ execution }) => execution === header.id);
  const count = (wanted: 'do' | 'undo'): number =>
    own.filter(({ action }) => action === wanted).length;
  const unheard = attempts.filter(
    ({ step, direction, outcome }) =>
      step === WEBHOOK && direction === 'forward' && outcome === 'resolved',
  );
  const [done, undone] = [count('do'), count('undo')];
  return done === undone || (done === 0 && undone === 1 && unheard.length > 0)
    ? []
    : [
        {
          at: Date.parse(header.endedAt ?? header.requestedAt),
          sentence: `${header.id} is compensated, but its receiver did ${done} and undid ${undone}`,
        },
      ];
}
