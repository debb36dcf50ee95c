import { z } from 'zod';
import type { ProtectedItem } from '../../azure/access.ts';
import type { Motion, StepContext } from '../contract.ts';
import { deallocate, factsOf, isOff, lookAt, start, words } from '../machines/sight.ts';
import type { Sight } from '../machines/sight.ts';
import { isCommitted, jobOperation, lookAtVault, names, planJob } from '../site-recovery/items.ts';
import { followJob } from '../site-recovery/job.ts';
import type { FailoverSettings } from '../site-recovery/settings.ts';
import { newMachine } from './verify.ts';

const LOOK_SECONDS = 10;

const before = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      arrived: z.boolean(),
      source: z.string(),
      power: z.string().nullable(),
    }),
  ),
});

interface WayBack {
  /** Of machines that this execution failed over. */
  readonly stop: readonly Sight[];
  readonly start: readonly Sight[];
  readonly committed: readonly ProtectedItem[];
  /** Names of machines of which the vault does not say where they are: that must not pass for "never moved". */
  readonly unclear: readonly string[];
}

/**
 * Site Recovery has no way back before a commit. Service returns by stopping the new machines and starting the old
 * ones; their protection must be rebuilt afterwards. A failover in flight is seen to its end first: cancelling it
 * would leave the machine unreplicated.
 */
export const undo: Motion<FailoverSettings> = {
  async observe(context, settings) {
    const vault = await lookAtVault(context, settings);
    const busy = vault.items.flatMap(({ currentScenario }) => currentScenario ?? [])[0];
    const running =
      busy === undefined
        ? await planJob(context, vault, 'UnplannedFailover')
        : jobOperation('found', busy);
    if (running !== null) {
      const sentence = `Waits for the end of ${running.name}: it is never cancelled.`;
      return { goal: 'moving', sentence, facts: {}, operation: running };
    }
    const way = wayBack(context, vault.items, await sightsOf(context, vault.items));
    const sights = [...way.stop, ...way.start];
    if (way.unclear.length > 0) {
      const retryAfterSeconds = LOOK_SECONDS;
      return {
        goal: 'blocked',
        sentence: sentenceOf(way),
        facts: factsOf(sights),
        retryAfterSeconds,
      };
    }
    const goal = open(way).length === 0 ? 'met' : 'unmet';
    return { goal, sentence: sentenceOf(way), facts: factsOf(sights) };
  },

  async act(context, settings) {
    const { items } = await lookAtVault(context, settings);
    const way = wayBack(context, items, await sightsOf(context, items));
    if (way.committed.length > 0) {
      const message = `The failover of ${names(way.committed)} is committed. Protect the machines again and fail back.`;
      return { refuse: { code: 'FAILOVER_COMMITTED', message } };
    }
    if (way.unclear.length > 0) return [];
    const stops = way.stop.filter((one) => !isOff(one)).filter(isReadable);
    if (stops.length > 0) return stops.map((one) => deallocate(context, one));
    // Both copies of a machine must never run: the old ones start when all of the new ones are off.
    return way.stop.every(isOff)
      ? way.start
          .filter(({ power }) => power === 'deallocated' || power === 'stopped')
          .map((one) => start(context, one))
      : [];
  },

  poll: (context, _settings, operation) => followJob(context, operation),

  async verify(context, settings) {
    const { items } = await lookAtVault(context, settings);
    const way = wayBack(context, items, await sightsOf(context, items));
    const sights = [...way.stop, ...way.start];
    return open(way).length + way.unclear.length === 0
      ? { holds: true, sentence: sentenceOf(way), proof: factsOf(sights) }
      : { holds: false, sentence: sentenceOf(way), retryAfterSeconds: LOOK_SECONDS };
  },
};

async function sightsOf(
  context: StepContext,
  items: readonly ProtectedItem[],
): Promise<readonly Sight[]> {
  const ids = new Set([
    ...items.flatMap((item) => [item.sourceMachineId, newMachine(item) ?? []].flat()),
    ...oursIn(context).map(({ source }) => source),
  ]);
  return lookAt(context, [...ids]);
}

/** The machines that this execution moved, as they stood before. */
function oursIn(context: StepContext): z.infer<typeof before>['items'] {
  return (before.safeParse(context.before).data?.items ?? []).filter(({ arrived }) => !arrived);
}

function wayBack(
  context: StepContext,
  items: readonly ProtectedItem[],
  sights: readonly Sight[],
): WayBack {
  const ours = oursIn(context);
  const of = (id: string | null): readonly Sight[] => sights.filter((sight) => sight.id === id);
  const moved = items.filter(
    (item) =>
      item.activeLocation === 'Recovery' && ours.some(({ name }) => name === item.friendlyName),
  );
  return {
    committed: moved.filter(isCommitted),
    stop: moved.flatMap((item) => of(newMachine(item))),
    start: ours.filter(({ power }) => power === 'running').flatMap(({ source }) => of(source)),
    unclear: ours
      .filter(({ name }) => !items.some((item) => item.friendlyName === name && isPlaced(item)))
      .map(({ name }) => name),
  };
}

function isPlaced(item: ProtectedItem): boolean {
  return ['Primary', 'Recovery'].includes(item.activeLocation) && newMachine(item) !== null;
}

/** What does not stand as it stood before. */
function open({ stop, start: wanted }: WayBack): readonly Sight[] {
  return [
    ...stop.filter((one) => !isOff(one)),
    ...wanted.filter(({ power }) => power !== 'running'),
  ];
}

function sentenceOf({ stop, start: wanted, unclear }: WayBack): string {
  if (unclear.length > 0) return `Waits: the vault does not say where ${unclear.join(', ')} is.`;
  if (stop.length + wanted.length === 0) return 'No machine was failed over or stopped.';
  return `New machines: ${words(stop)} Old machines: ${words(wanted)}`;
}

function isReadable({ power }: Sight): boolean {
  return power !== 'unreachable' && power !== 'deallocating';
}
