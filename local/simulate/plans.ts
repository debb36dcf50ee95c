import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { PlanSource } from '../../src/plan/source.ts';

/** A plan as a seed draws it: one of the shapes, with its rules varied. */
export interface PlanShape {
  /**
   * cafe: all of plans/websphere-cafe.yaml. published: Traffic Manager moves by itself. data: the database alone.
   * data-and-traffic: machines run on both sides, the database and the traffic are moved.
   */
  readonly base: 'cafe' | 'published' | 'data' | 'data-and-traffic';
  readonly presumed: 'accept' | 'ask';
  readonly lossLimit: string;
  readonly approvals: 0 | 1;
  /** Overrides of what follows a step's failure, by step. */
  readonly onFailure: Readonly<Record<string, 'compensate' | 'pause' | 'continue'>>;
}

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
  stages: z.array(
    z.looseObject({ steps: z.array(z.looseObject({ id: z.string(), with: z.unknown() })) }),
  ),
});

/** The plan of a run, and one that shares everything with it. */
export const PLAN_NAME = 'simulated';
export const RIVAL_NAME = 'rival';

/** `read` gives the text of an example plan. Nothing is read while time passes. */
export async function planOf(
  shape: PlanShape,
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
    // Here people start what runs, when the seed says so.
    watch: undefined,
    stages,
    dataLoss: { ...written.dataLoss, limit: shape.lossLimit },
    fencing: { ...written.fencing, presumed: shape.presumed },
    approvals: { count: shape.approvals, expires: '1h' },
  };
  const files = [PLAN_NAME, RIVAL_NAME].map((name) => ({
    file: `${name}.yaml`,
    text: stringify({ ...plan, name }),
  }));
  return { list: async () => files };
}
