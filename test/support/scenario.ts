import { webSphereCafe } from '../../local/simulator/scenarios/websphere-cafe.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import { alertsCome, alertsTold } from './alerting.ts';
import { eventsOf, evidenceOf, pass, withStack } from './door.ts';
import { beginDrill } from './drills.ts';
import { detail, order, start, untilStill } from './failover.ts';
import type { Subject } from './failover.ts';
import { atEvent, untilEvent } from './moments.ts';
import type { Moment } from './moments.ts';
import { editedPlans } from './plans.ts';
import type { Line, Story } from './scenario-file.ts';
import { giveRoles, missingIn } from './roles.ts';
import { somebodyFailsTheDatabaseOver } from './somebody-else.ts';
import { plain, timeline } from './timeline.ts';
import {
  begunByWatch,
  cutOff,
  flap,
  hold,
  lookedAt,
  nothingBegins,
  storeless,
} from './watching.ts';

/** Plays a story in a world of its own, and tells all that happened. */
export async function play(story: Story): Promise<string> {
  const { plan, mode, control, edit, script, watch, at, again } = story;
  const edits =
    watch === undefined ? edit : [...edit, { find: 'action: ask', put: `action: ${watch}` }];
  const told: string[] = [];
  const options = {
    scenario: webSphereCafe({ control }),
    ...(edits.length === 0 ? {} : { plans: editedPlans(edits, `${plan}.yaml`) }),
    ...(at === undefined ? {} : { start: Date.parse(at) }),
    ...(again === undefined ? {} : { timersAgainMs: again * 1000 }),
    watched: watch !== undefined,
    identities: true,
  };
  await withStack(options, async (stack) => {
    const rights = await giveRoles(stack, plan);
    let id = '';
    for (const line of script) {
      if ('start' in line) id = await begin(stack, line, { plan, mode });
      else if ('begins' in line) id = await begunByWatch(stack, id);
      else await perform(stack, id, line);
    }
    if (watch !== undefined) told.push(await lookedAt(stack, plan));
    if (script.some((line) => 'alert' in line)) told.push(await alertsTold(stack));
    if (id !== '') told.push(await tell(stack, id, story.steps));
    const missing = missingIn(stack, rights);
    if (missing.length > 0) throw new Error(`The plan's roles do not allow ${missing.join(', ')}.`);
  });
  return told.join('');
}

async function begin(
  stack: VirtualStack,
  { start: what, by }: Extract<Line, { start: unknown }>,
  subject: Subject,
): Promise<string> {
  if (what === 'the failover')
    return (await start(stack, subject, { authorization: `Bearer local:${by}` })).id;
  const level = what === 'a rehearsal' ? 'rehearsal' : 'dry-run';
  return beginDrill(stack, { plan: subject.plan, level });
}

type Deed = Exclude<Line, { start: string } | { begins: string }>;

async function perform(stack: VirtualStack, id: string, deed: Deed): Promise<void> {
  const { control } = stack.simulator;
  if ('wait' in deed) await pass(stack, deed.wait);
  else if ('somebody' in deed) await somebodyFailsTheDatabaseOver(stack);
  else if ('until' in deed) await reach(stack, id, deed.until);
  else if ('order' in deed) await give(stack, id, deed);
  else if ('nothing' in deed) await nothingBegins(stack, deed.nothing);
  else if ('flaps' in deed) await flap(stack, deed);
  else if ('cut' in deed) await cutOff(stack, deed.cut);
  else if ('storeless' in deed) await storeless(stack, deed.storeless);
  else if ('alert' in deed) await alertsCome(stack, deed);
  else if ('hold' in deed) await hold(stack, { reason: deed.hold });
  else if ('lift' in deed) await hold(stack, { lift: true, reason: deed.lift });
  else if ('down' in deed) {
    stack.crash();
    await pass(stack, deed.down);
    await stack.clock.run(() => stack.host.start());
  } else if ('outage' in deed) {
    const { region, size } = deed.outage;
    when(stack, deed.on, () => control.outage(region, size));
  } else when(stack, deed.on, () => control.fault(deed.fault));
}

type Place = Extract<Line, { until: unknown }>['until'];

async function reach(stack: VirtualStack, id: string, place: Place): Promise<void> {
  if (typeof place !== 'string') return untilEvent(stack, momentOf(place));
  const state = await untilStill(stack, id);
  if (state === place) return;
  const { sentence } = await detail(stack, id);
  throw new Error(`The execution should be ${place} but is ${state}: ${sentence}`);
}

function when(stack: VirtualStack, on: Exclude<Place, string> | undefined, act: () => void): void {
  if (on === undefined) act();
  else atEvent(stack, momentOf(on), act);
}

function momentOf({ event, step }: Exclude<Place, string>): Moment {
  return { type: event, ...(step === undefined ? {} : { step }) };
}

async function give(
  stack: VirtualStack,
  id: string,
  { order: { by, ...given }, answer }: Extract<Line, { order: unknown }>,
): Promise<void> {
  const status = await order(stack, id, given, by);
  if (status !== answer)
    throw new Error(`${given.command} of ${by} was answered with ${status}, not ${answer}.`);
  // An order is carried out at the orchestration's next turn.
  await pass(stack, 5);
}

/** The events, then what the records and the world say after the dust has settled. */
async function tell(stack: VirtualStack, id: string, withSteps: boolean): Promise<string> {
  const events = await eventsOf(stack, id);
  const story = timeline(events.filter(({ stream }) => withSteps || !stream.startsWith('step:')));
  await pass(stack, 300);
  const { state, steps, dataLossSeconds } = await detail(stack, id);
  const evidence = await evidenceOf(stack, id);
  const { lost } = stack.simulator.control.cafe();
  const [endpoint] = Object.values(stack.simulator.control.state().traffic);
  const loss = dataLossSeconds === undefined ? 'not stated' : lossWords(dataLossSeconds);
  return [
    story,
    ...(evidence.drill?.changes ?? []).map(
      ({ step, resource, now, then }) =>
        `${step} would change ${resource.split('/').at(-1) ?? ''}: ${plain(now)} → ${plain(then)}`,
    ),
    `The execution is ${state}: ${steps.map((step) => `${step.id} ${step.state}`).join(', ')}.`,
    `Data loss: ${loss}; ${lost === 0 ? 'no promised coffee is' : 'promised coffees are'} lost.`,
    `Clients are sent to ${endpoint ?? 'nowhere'}.`,
    `The evidence has ${verifyEvidence(evidence, evidence.anchors).length} flaws.`,
    '',
  ].join('\n');
}

function lossWords(seconds: number | null): string {
  if (seconds === null) return 'unknown';
  return seconds === 0 ? 'none' : 'some';
}
