import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { PlanSource } from '../../src/plan/source.ts';
import { furtherStage } from './further-steps.ts';
import type { CalendarLine, PlanShape, WatchShape } from './plan-shape.ts';
import type { Schedule } from './schedule.ts';

const FILES = {
  cafe: 'websphere-cafe.yaml',
  published: 'websphere-cafe-as-published.yaml',
  data: 'websphere-cafe.yaml',
  'data-and-traffic': 'websphere-cafe.yaml',
} as const satisfies Record<PlanShape['base'], string>;

/** What is left of the café's plan in the smaller shapes. */
const STEPS: Readonly<Record<PlanShape['base'], readonly string[] | null>> = {
  cafe: null,
  published: null,
  data: ['database', 'database-writable'],
  'data-and-traffic': ['close-endpoint', 'database', 'database-writable', 'traffic', 'public-name'],
};

const planFile = z.looseObject({
  name: z.string(),
  dataLoss: z.looseObject({}),
  fencing: z.looseObject({}),
  watch: z.object({
    signals: z.array(z.looseObject({ id: z.string(), uses: z.string(), with: z.looseObject({}) })),
  }),
  stages: z.array(
    z.looseObject({ steps: z.array(z.looseObject({ id: z.string(), with: z.unknown() })) }),
  ),
});

/** When the app comes up. */
export const START = Date.parse('2026-11-21T10:00:00Z');

/** The plan of a run. */
export const PLAN_NAME = 'simulated';
/** Shares everything with it, and is there only when somebody starts it: every plan costs time. */
export const RIVAL_NAME = 'rival';

/** `read` gives the text of an example plan. Nothing is read while time passes. */
export async function plansOf(
  { plan: shape, happenings }: Pick<Schedule, 'plan' | 'happenings'>,
  read: (file: string) => Promise<string>,
): Promise<PlanSource> {
  const written = planFile.parse(parse(await read(FILES[shape.base])));
  const kept = STEPS[shape.base];
  const stages = written.stages
    .map((stage) => ({
      ...stage,
      steps: stage.steps
        .filter(({ id }) => kept === null || kept.includes(id))
        .map((step) => {
          const onFailure = shape.onFailure[step.id];
          return onFailure === undefined ? step : { ...step, onFailure };
        }),
    }))
    .filter(({ steps }) => steps.length > 0);
  const plan = {
    ...written,
    watch: shape.watch === undefined ? undefined : watchOf(shape.watch, written.watch.signals),
    stages: [...furtherStage(shape.further ?? []), ...stages],
    dataLoss: { ...written.dataLoss, limit: shape.lossLimit },
    fencing: { ...written.fencing, presumed: shape.presumed },
    approvals: { count: shape.approvals, expires: shape.expires ?? '1h' },
    ...(shape.drill === undefined ? {} : { drills: calendarOf(shape.drill) }),
  };
  const isStarted = happenings.some((one) => one.do === 'start' && one.rival === true);
  // What begins by itself begins for one of the two.
  const rivals = isStarted
    ? [{ ...plan, name: RIVAL_NAME, watch: undefined, drills: undefined }]
    : [];
  const files = [{ ...plan, name: PLAN_NAME }, ...rivals].map((one) => ({
    file: `${one.name}.yaml`,
    text: stringify(one),
  }));
  return { list: async () => files };
}

type WrittenSignals = z.infer<typeof planFile>['watch']['signals'];

function watchOf(shape: WatchShape, written: WrittenSignals): object {
  const { action, quorum, failures, cooldown, blackout, confirmed } = shape;
  const console = { url: '${site.console}', trustAnyCertificate: true };
  const left: readonly string[] = shape.signals;
  const signals = [...written, { id: 'console', uses: 'http', with: console }]
    .filter(({ id }) => left.includes(id))
    .map((one) => (one.uses === 'alert' ? { ...one, with: { ...one.with, confirmed } } : one));
  return {
    ...{ action, signals, cooldown, maxPerDay: 1 },
    rule: { quorum, failures, recoveries: 3, stale: '3m' },
    ...(blackout === undefined
      ? {}
      : {
          blackouts: [
            { cron: cronAt(blackout.atMinutes), for: `${blackout.minutes}m`, reason: 'drawn' },
          ],
        }),
  };
}

function calendarOf({ level, atMinutes, windowMinutes }: CalendarLine): object {
  const cron = cronAt(atMinutes);
  return { calendar: [{ level, cron, window: `${windowMinutes}m` }], overdueAfter: '8d' };
}

function cronAt(minutes: number): string {
  const at = new Date(START + minutes * 60_000);
  return `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`;
}
