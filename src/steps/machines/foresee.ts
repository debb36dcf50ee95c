import type { Foreseen, StepContext } from '../contract.ts';
import { reading } from '../reading.ts';
import type { Settings } from './settings.ts';
import { isOff, lookAt } from './sight.ts';

/** What deallocating the machines would change. */
export async function stopped(
  context: StepContext,
  { machines }: Settings,
): Promise<readonly Foreseen[]> {
  const sights = await lookAt(context, machines);
  return sights
    .filter((sight) => !isOff(sight))
    .map(({ id, power }) => ({ resource: id, now: power, then: 'deallocated' }));
}

/** What starting the machines would change; one that is deallocated counts against no quota until then. */
export async function started(
  context: StepContext,
  { machines }: Settings,
): Promise<readonly Foreseen[]> {
  const looks = await Promise.all(
    machines.map(async (id) => ({ id, seen: await reading(() => context.azure.machines.get(id)) })),
  );
  return looks.flatMap(({ id, seen }): readonly Foreseen[] => {
    if ('trouble' in seen) return [{ resource: id, now: 'unreachable', then: 'running' }];
    if (seen.read === null) return [{ resource: id, now: 'missing', then: 'running' }];
    const { power, location: region, size } = seen.read;
    if (power === 'running') return [];
    const subscription = id.split('/')[2] ?? '';
    const machine = power === 'deallocated' ? { machine: { subscription, region, size } } : {};
    return [{ resource: id, now: power, then: 'running', ...machine }];
  });
}
