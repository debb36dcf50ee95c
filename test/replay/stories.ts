import { folderSource } from '../../src/plan/folder-source.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import type { DrillLevel, Mode } from '../../src/core/execution.ts';
import { faultsOf } from '../../local/demo/faults.ts';
import { watchStep } from '../../local/demo/stage.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { order, untilStill } from '../support/failover.ts';
import type { openStack } from '../support/failover.ts';
import { drilledDatabase } from '../support/plans.ts';
import { createReceiver } from '../support/receiver.ts';
import { refuseDatabaseAfter } from '../support/refused-database.ts';
import { begunByWatch } from '../support/watching.ts';
import { idlePlan, looksInVain, waits } from './plans.ts';

/** One execution whose histories are worth keeping, because it takes the orchestrators along a way of its own. */
export interface Story {
  /** The recording's file: plan shape, then mode. */
  readonly name: string;
  readonly story: string;
  readonly plan: string;
  readonly source: PlanSource;
  readonly mode: Mode;
  /** A drill of this level instead of a failover. */
  readonly level?: DrillLevel;
  readonly ends: string;
  /** What the app is given besides its plans. */
  readonly given?: () => StackOptions;
  /** How it begins, when nobody asks for it. */
  readonly begins?: (stack: VirtualStack) => Promise<string>;
  /** Arranges what goes wrong, before the start. */
  readonly before?: (stack: VirtualStack) => void;
  /** What people do, after the start. */
  readonly meanwhile?: (stack: VirtualStack, id: string) => Promise<void>;
  /** What follows from it by itself: another execution, whose histories are kept, too. */
  readonly followed?: (stack: VirtualStack, id: string) => Promise<string>;
}

type StackOptions = NonNullable<Parameters<typeof openStack>[0]>;

const CAFE = { plan: 'websphere-cafe', source: folderSource('plans') };
const FIXTURES = folderSource('test/fixtures/plans');
const DATABASE = { plan: 'database-only', source: FIXTURES };

export const STORIES: readonly Story[] = [
  {
    ...CAFE,
    name: 'websphere-cafe-planned',
    story: 'A planned failover that succeeds.',
    mode: 'planned',
    ends: 'succeeded',
  },
  {
    ...CAFE,
    name: 'websphere-cafe-unplanned',
    story: 'An unplanned failover away from a region that is down.',
    mode: 'unplanned',
    ends: 'succeeded',
  },
  {
    ...CAFE,
    name: 'websphere-cafe-compensated-planned',
    story: 'A planned failover whose last proof fails: everything is undone.',
    mode: 'planned',
    ends: 'compensated',
    before: (stack) => fails(stack, 'coffee'),
  },
  {
    ...CAFE,
    name: 'websphere-cafe-paused-planned',
    story: 'An operator pauses while machines move, is reminded, and resumes.',
    mode: 'planned',
    ends: 'succeeded',
    meanwhile: pauseAndResume,
  },
  {
    ...DATABASE,
    name: 'database-only-store-away-planned',
    story:
      'The state store is away for longer than a step bears: its activity fails until the step gives up, and the execution takes it up again.',
    mode: 'planned',
    ends: 'succeeded',
    meanwhile: loseTheStore,
  },
  {
    ...CAFE,
    name: 'websphere-cafe-rehearsal',
    story: 'A rehearsal: forward along stages of its own, and back again although nothing failed.',
    mode: 'planned',
    level: 'rehearsal',
    ends: 'succeeded',
  },
  {
    ...CAFE,
    name: 'websphere-cafe-watched-unplanned',
    story:
      'The watch sees a region die and prepares a failover, which begins when a person agrees.',
    mode: 'unplanned',
    ends: 'succeeded',
    given: () => ({ watched: true }),
    begins: (stack) => begunByWatch(stack, ''),
    meanwhile: oneAgrees,
  },
  {
    plan: DATABASE.plan,
    source: drilledDatabase(`{ level: live, cron: '10 10 * * *', window: 30m }`),
    name: 'database-only-live',
    story: 'A live drill, due by the calendar: there, and back as an execution of its own.',
    mode: 'planned',
    ends: 'succeeded',
    begins: (stack) => begunByWatch(stack, ''),
    followed: begunByWatch,
  },
  {
    plan: 'webhook',
    source: FIXTURES,
    name: 'webhook-compensated-planned',
    story: 'A service is asked by webhook, takes its time, and is asked back when a step fails.',
    mode: 'planned',
    ends: 'compensated',
    given: slowService,
    before: (stack) => refuseDatabaseAfter(stack, 'close'),
  },
  {
    plan: 'approved',
    source: FIXTURES,
    name: 'approved-planned',
    story: 'A step asks two people, one after the other, while another one of its stage waits.',
    mode: 'planned',
    ends: 'succeeded',
    meanwhile: twoPeopleAgree,
  },
  {
    name: 'large-stage-planned',
    story:
      'A stage of more steps than one history holds, handed to batches; the last is alone in its batch.',
    plan: 'large-stage',
    source: idlePlan('large-stage', [
      Array.from({ length: 26 }, (_, index) => waits(`wait-${index + 1}`, 10 + index)),
    ]),
    mode: 'planned',
    ends: 'succeeded',
  },
  {
    name: 'long-planned',
    story: 'More stages and more looks than one history holds: both go on in a new generation.',
    plan: 'long',
    source: idlePlan('long', [
      // A turn gives way after a minute of looking, so that these are more turns than a generation has.
      [looksInVain('patience', '1h')],
      ...Array.from({ length: 24 }, (_, index) => [waits(`wait-${index + 1}`, 5)]),
    ]),
    mode: 'planned',
    ends: 'succeeded',
  },
];

function fails(stack: VirtualStack, step: string): void {
  watchStep(stack, step, {
    began: () => faultsOf(step).forEach((fault) => stack.simulator.control.fault(fault)),
    failed: () => stack.simulator.control.clearFaults(),
  });
}

async function pauseAndResume(stack: VirtualStack, id: string): Promise<void> {
  await pass(stack, 240);
  await accepted(order(stack, id, { command: 'pause', reason: 'to look at it' }));
  await untilStill(stack, id);
  // Reminders come on the quarter hour, so that the wait for an operator ends both ways: by time and by an order.
  await pass(stack, 40 * 60);
  await accepted(order(stack, id, { command: 'resume', reason: 'it looks well' }));
  await pass(stack, 5);
}

async function oneAgrees(stack: VirtualStack, id: string): Promise<void> {
  await pass(stack, 60);
  await accepted(order(stack, id, { command: 'approve', reason: 'it is down' }, 'approver'));
}

/** It is seen running a few times before it is done. */
function slowService(): StackOptions {
  const receiver = createReceiver('key');
  receiver.looks = 4;
  return { probes: (simulated) => receiver.around(simulated), secrets: () => 'key' };
}

async function twoPeopleAgree(stack: VirtualStack, id: string): Promise<void> {
  await untilStill(stack, id);
  for (const who of ['approver', 'second-approver']) {
    await accepted(order(stack, id, { command: 'approve', reason: 'looks right' }, who));
    await pass(stack, 30);
  }
}

async function loseTheStore(stack: VirtualStack): Promise<void> {
  await pass(stack, 2);
  const stopRefusing = stack.tables.onWrite({
    before() {
      throw new Error('The state store does not answer.');
    },
  });
  // All the waits between the calls, up to the longest, and the last call of all.
  await pass(stack, 8 * 60);
  stopRefusing();
}

async function accepted(answer: Promise<number>): Promise<void> {
  const status = await answer;
  if (status >= 300) throw new Error(`An order was answered with ${status}.`);
}

async function pass(stack: VirtualStack, seconds: number): Promise<void> {
  await stack.clock.run(() => stack.clock.sleep(seconds * 1000));
}
