import { z } from 'zod';
import { ON_EXPIRY } from '../core/approval.ts';
import { duration, jsonObject, name, template, text, time } from './atoms.ts';
import { expected } from './complaints.ts';
import { writtenDrills } from './drills.ts';
import { writtenNotifications } from './notifications.ts';
import { writtenWatch } from './watch.ts';

/** A plan as its author writes it: version 1 of the file's shape. Defaults are filled in here and nowhere else. */

const REGION = "an Azure region's programmatic name such as eastus, or on-premises:NAME";
const site = z.strictObject({
  region: z
    .string({ error: expected(REGION) })
    .regex(/^(?:[a-z][a-z0-9]*|on-premises:[A-Za-z0-9][A-Za-z0-9_-]*)$/, {
      error: expected(REGION),
    })
    .meta({ description: `Where the site is: ${REGION}.` }),
  standby: z
    .enum(['cold', 'warm', 'hot'])
    .meta({ description: 'What runs here while the other site serves.' }),
  resources: jsonObject.meta({
    description: 'Whatever the steps need of this site, found as ${from.NAME} and ${to.NAME}.',
  }),
});

const retry = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(20)
      .default(3)
      .meta({ description: 'How often it is tried in all.' }),
    firstDelay: duration.prefault('10s').meta({ description: 'The pause before the second try.' }),
    factor: z
      .number()
      .min(1)
      .max(10)
      .default(2)
      .meta({ description: 'By how much each pause is longer than the last.' }),
  })
  .prefault({})
  .meta({ description: 'How often the step is tried, and how the pause between tries grows.' });

export const writtenStep = z
  .strictObject({
    id: name.meta({
      description: 'What people and the evidence call the step; unique in the plan.',
    }),
    uses: text.meta({ description: 'The kind of step.' }),
    with: jsonObject.default({}).meta({ description: "The kind's settings." }),
    when: z
      .enum(['always', 'planned', 'unplanned'])
      .default('always')
      .meta({ description: 'The step is left out in the other mode.' }),
    timeout: time.prefault('30m').meta({ description: 'After this the step has failed.' }),
    retry,
    onFailure: z.enum(['compensate', 'pause', 'continue']).exactOptional().meta({
      description: 'By default planned executions compensate and unplanned ones pause.',
    }),
  })
  .meta({ id: 'step' });

const stages = z
  .array(
    z.strictObject({
      name: text.meta({ description: 'What people call the stage.' }),
      steps: z.array(writtenStep).min(1).meta({ description: 'They run side by side.' }),
    }),
  )
  .min(1)
  .meta({
    description: 'Steps of one stage run together; the next stage begins when all are done.',
  });

export const writtenPlan = z.strictObject({
  $schema: z.string().exactOptional(),
  version: z.literal(1).meta({ description: "The version of this file's shape." }),
  name: name.meta({ description: 'What people and the API call the plan.' }),
  description: z.string().default('').meta({ description: 'What the application is, for people.' }),
  home: name.meta({
    description: 'The site that serves normally: leaving it is a failover, returning a failback.',
  }),
  publicUrl: z
    .url({ protocol: /^https?$/, error: expected('an http or https URL') })
    .meta({ description: 'Where clients reach the application, whichever site serves.' }),
  sites: z.record(name, site).meta({ description: 'Exactly two places the application can run.' }),
  objectives: z
    .strictObject({
      rto: time.meta({ description: 'How long the application may be away.' }),
      rpo: duration.meta({ description: 'How much of the newest data may be lost.' }),
    })
    .meta({ description: 'What is promised. The evidence holds the outcome against it.' }),
  dataLoss: z
    .strictObject({
      limit: duration.meta({ description: 'Loss that is accepted without asking.' }),
      databases: z
        .array(
          z.strictObject({
            database: z
              .record(z.string(), z.string())
              .meta({ description: "The database's resource id at each site." }),
          }),
        )
        .meta({ description: 'Databases whose replication lag is sampled, by site.' }),
    })
    .prefault({ limit: '0s', databases: [] })
    .meta({ description: 'What may be lost, and where the lag is read.' }),
  fencing: z
    .strictObject({
      presumed: z.enum(['accept', 'ask']).default('ask').meta({
        description: 'Whether two observers that see the old side down are enough to go on.',
      }),
      machines: template.default([]).meta({ description: 'Machines whose being off is proof.' }),
      probeUrl: text
        .exactOptional()
        .meta({ description: 'Where the old side itself answers while it lives: an observer.' }),
      trafficManager: z
        .strictObject({
          profile: text.meta({ description: "The profile's resource id." }),
          endpoint: text.meta({ description: "The name of the old side's endpoint." }),
        })
        .exactOptional()
        .meta({ description: "Traffic Manager's probes of the old side: another observer." }),
    })
    .prefault({})
    .meta({
      description: 'How the old side is known to have stopped before the other one is writable.',
    }),
  detection: z
    .strictObject({
      interval: time.meta({ description: 'From one probe to the next.' }),
      tolerated: z.int().min(0).meta({ description: 'Failed probes that are tolerated.' }),
      timeout: duration.meta({ description: 'How long a probe waits.' }),
    })
    .meta({ description: "The health probe's setting, as in the Traffic Manager profile." }),
  dnsTtl: duration.meta({ description: "The public name's time to live." }),
  watch: writtenWatch.exactOptional().meta({
    description: 'What is watched, and what is done. Without it only people start executions.',
  }),
  stages,
  failback: z.strictObject({ stages }).exactOptional().meta({
    description: 'Stages of the way home, where turning the same ones around will not do.',
  }),
  drills: writtenDrills.exactOptional().meta({ description: 'When the plan is drilled.' }),
  rehearsal: z.strictObject({ stages }).exactOptional().meta({
    description:
      'Stages that try the other side without touching what serves. They are always undone.',
  }),
  approvals: z
    .strictObject({
      count: z
        .int()
        .min(0)
        .default(0)
        .meta({ description: 'How many, none of them the one who asked.' }),
      expires: time.prefault('30m').meta({ description: 'How long they have.' }),
      onExpiry: z.enum(ON_EXPIRY).default('abort').meta({
        description:
          'When not enough people agreed in time. abort: ends, nothing was changed; continue: goes on without them; remind: says so and waits as long again.',
      }),
    })
    .prefault({})
    .meta({ description: 'People who must agree before an execution begins.' }),
  notifications: writtenNotifications.exactOptional(),
  reminder: time.prefault('15m').meta({ description: 'A paused execution says so again.' }),
});

export type WrittenPlan = z.infer<typeof writtenPlan>;
export type WrittenStep = z.infer<typeof writtenStep>;
