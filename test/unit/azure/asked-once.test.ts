import { describe, expect, it } from 'vitest';
import type { AzureAccess } from '../../../src/azure/access.ts';
import { askedOnce } from '../../../src/azure/asked-once.ts';
import { createFakeAzure, noAnswer } from '../../fakes/azure.ts';

const PROFILE = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/p';

/** An Azure that notes what it is asked, on a clock that stands until it is set. */
function noted(): { azure: AzureAccess; asked: string[]; clock: { time: number; now(): number } } {
  const { access } = createFakeAzure();
  const asked: string[] = [];
  const clock = { time: 0, now: () => clock.time };
  const azure: AzureAccess = {
    ...access,
    traffic: {
      ...access.traffic,
      profile: async (id) => {
        asked.push(id);
        return access.traffic.profile(id);
      },
    },
    operations: {
      poll: async ({ name }) => {
        asked.push(name);
        return { is: 'running', retryAfterSeconds: 1 };
      },
    },
  };
  return { azure, asked, clock };
}

describe('Azure in one look', () => {
  it('is asked for each thing once, also while the answer is still awaited', async () => {
    const { azure, asked, clock } = noted();
    const once = askedOnce(azure, clock);
    await Promise.all([once.traffic.profile(PROFILE), once.traffic.profile(PROFILE)]);
    await once.traffic.profile(PROFILE);
    await once.traffic.profile(`${PROFILE}2`);
    expect(asked).toEqual([PROFILE, `${PROFILE}2`]);
  });

  it('is asked again when the moment has passed, and by the next look', async () => {
    const { azure, asked, clock } = noted();
    const once = askedOnce(azure, clock);
    await once.traffic.profile(PROFILE);
    clock.time += 1_999;
    await once.traffic.profile(PROFILE);
    expect(asked).toHaveLength(1);
    clock.time += 1;
    await once.traffic.profile(PROFILE);
    expect(asked).toHaveLength(2);
    await askedOnce(azure, clock).traffic.profile(PROFILE);
    expect(asked).toHaveLength(3);
  });

  it('is asked again after a failure', async () => {
    const fake = createFakeAzure();
    const once = askedOnce(fake.access, { now: () => 0 });
    fake.unreachable.set('vm1', noAnswer());
    await expect(once.machines.get('/vm1')).rejects.toThrow();
    fake.unreachable.clear();
    await expect(once.machines.get('/vm1')).resolves.toBeNull();
  });

  it('is asked for every poll', async () => {
    const { azure, asked, clock } = noted();
    const once = askedOnce(azure, clock);
    const operation = { call: 'c', name: 'job', startedAt: '2026-03-01T10:00:00.000Z' };
    await once.operations.poll(operation);
    await once.operations.poll(operation);
    expect(asked).toEqual(['job', 'job']);
  });
});
