import { ComputeManagementClient } from '@azure/arm-compute';
import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.ts';
import { anyText, EAST, onBench, SUBSCRIPTION, textLike } from './bench.ts';

const GROUP = 'was-cluster-eastus';
const MACHINE = `${EAST}/Microsoft.Compute/virtualMachines/app1`;

function compute({ credential, client }: Bench): ComputeManagementClient {
  return new ComputeManagementClient(credential, SUBSCRIPTION, client);
}

describe('a machine, through the SDK', () => {
  it(
    'shows its power in the instance view, after the provisioning status and without a time',
    onBench({}, async (bench) => {
      const machine = await compute(bench).virtualMachines.get(GROUP, 'app1', {
        expand: 'instanceView',
      });
      expect(machine.provisioningState).toBe('Succeeded');
      expect(machine.instanceView?.statuses).toMatchObject([
        {
          code: 'ProvisioningState/succeeded',
          level: 'Info',
          displayStatus: 'Provisioning succeeded',
        },
        { code: 'PowerState/running', level: 'Info', displayStatus: 'VM running' },
      ]);
      expect(machine.instanceView?.statuses?.[1]?.time).toBeUndefined();
    }),
  );

  it(
    'is listed with its group',
    onBench({}, async (bench) => {
      const names: (string | undefined)[] = [];
      for await (const { name } of compute(bench).virtualMachines.list(GROUP)) names.push(name);
      expect(names).toEqual(['dmgr', 'ihs', 'app1', 'app2', 'app3']);
    }),
  );

  it(
    'loses its guest in the view when it is deallocated, and keeps it, stale, when it is powered off',
    onBench({}, async (bench) => {
      await bench.send('POST', `${MACHINE}/powerOff?skipShutdown=false`);
      await bench.wait(60);
      const stopped = await compute(bench).virtualMachines.instanceView(GROUP, 'app1');
      expect(stopped.statuses?.[1]?.code).toBe('PowerState/stopped');
      expect(stopped.vmAgent?.statuses?.[0]?.displayStatus).toBe('Ready');
      await bench.send('POST', `${MACHINE}/deallocate`);
      await bench.wait(60);
      const deallocated = await compute(bench).virtualMachines.instanceView(GROUP, 'app1');
      expect(deallocated.statuses?.[1]?.code).toBe('PowerState/deallocated');
      expect(deallocated.vmAgent).toBeUndefined();
      expect(deallocated.computerName).toBeUndefined();
    }),
  );
});

describe('a change of power', () => {
  it(
    'is announced and polled as recorded',
    onBench({}, async ({ send, wait }) => {
      const accepted = await send('POST', `${MACHINE}/deallocate`);
      expect(accepted).toMatchObject({ status: 202, body: '' });
      const address = accepted.headers.get('azure-asyncoperation') ?? '';
      expect(address).toMatch(
        new RegExp(
          `^https://management\\.azure\\.com/subscriptions/${SUBSCRIPTION}/providers/Microsoft\\.Compute/locations/eastus/operations/([0-9a-f-]+)\\?p=\\1&api-version=2024-05-01$`,
        ),
      );
      expect(accepted.headers.get('location')).toBe(`${address}&monitor=true`);
      const running = await send('GET', address);
      expect(running.body).toEqual({
        startTime: textLike(/\+00:00$/),
        status: 'InProgress',
        name: textLike(/^[0-9a-f-]{36}$/),
      });
      expect(running.headers.get('retry-after')).toBe('10');
      expect((await send('GET', `${address}&monitor=true`)).status).toBe(202);
      await wait(60);
      expect((await send('GET', address)).body).toMatchObject({
        status: 'Succeeded',
        endTime: anyText,
      });
      expect(await send('GET', `${address}&monitor=true`)).toMatchObject({ status: 200, body: '' });
    }),
  );

  it.each([
    ['deallocate', 'deallocating', 'deallocated', 20, 60],
    ['powerOff', 'stopping', 'stopped', 3, 17],
  ])('%s passes %s on its way to %s', async (verb, passing, end, least, most) => {
    await onBench({}, async ({ send, simulator, wait }) => {
      await send('POST', `${MACHINE}/${verb}`);
      expect(simulator.machines.get(MACHINE)?.power).toBe(passing);
      await wait(least - 1);
      expect(simulator.machines.get(MACHINE)?.power).toBe(passing);
      await wait(most - least + 2);
      simulator.world.catchUp();
      expect(simulator.machines.get(MACHINE)?.power).toBe(end);
    })();
  });

  it(
    'a started machine answers only when its guest is up',
    onBench({}, async ({ send, simulator, wait }) => {
      simulator.machines.setPower(MACHINE, 'deallocated');
      const { headers } = await send('POST', `${MACHINE}/start`);
      await wait(31);
      const poll = await send('GET', headers.get('azure-asyncoperation') ?? '');
      expect(poll.body).toMatchObject({ status: 'Succeeded' });
      const up = simulator.machines.get(MACHINE)?.guestUpAt ?? 0;
      await wait((up - simulator.clock.now()) / 1000 - 0.5);
      expect(simulator.machines.answers(MACHINE)).toBe(false);
      await wait(1);
      expect(simulator.machines.answers(MACHINE)).toBe(true);
    }),
  );

  it(
    'an injected failure ends it as Failed with its code, and the machine stays as it was',
    onBench({}, async ({ send, simulator, wait }) => {
      simulator.control.fault({
        operation: 'compute/deallocate',
        resource: '',
        kind: 'fail-operation',
        code: 'Boom',
        times: 1,
      });
      const { headers } = await send('POST', `${MACHINE}/deallocate`);
      await wait(61);
      expect((await send('GET', headers.get('azure-asyncoperation') ?? '')).body).toMatchObject({
        status: 'Failed',
        error: { code: 'Boom' },
      });
      expect(simulator.machines.get(MACHINE)?.power).toBe('running');
      expect(simulator.machines.answers(MACHINE)).toBe(true);
    }),
  );

  it.each([
    ['stuck-operation', 100_000, 'InProgress'],
    ['slow-operation', 150, 'InProgress'],
    ['slow-operation', 610, 'Succeeded'],
  ] as const)('%s after %d s is %s', async (kind, seconds, status) => {
    await onBench({}, async ({ send, simulator, wait }) => {
      simulator.control.fault({
        operation: 'compute/deallocate',
        resource: 'app1',
        kind,
        times: 1,
      });
      const { headers } = await send('POST', `${MACHINE}/deallocate`);
      await wait(seconds);
      expect((await send('GET', headers.get('azure-asyncoperation') ?? '')).body).toMatchObject({
        status,
      });
    })();
  });

  it(
    'is preempted by a later one',
    onBench({}, async ({ send, simulator, wait }) => {
      const first = await send('POST', `${MACHINE}/deallocate`);
      await send('POST', `${MACHINE}/start`);
      await wait(90);
      expect(
        (await send('GET', first.headers.get('azure-asyncoperation') ?? '')).body,
      ).toMatchObject({
        status: 'Failed',
        error: { code: 'OperationPreempted' },
      });
      expect(simulator.machines.get(MACHINE)?.power).toBe('running');
    }),
  );

  it(
    'fails in a dead region',
    onBench({}, async ({ send, simulator, wait }) => {
      simulator.control.outage('eastus', 'data');
      const { headers } = await send('POST', `${MACHINE}/deallocate`);
      await wait(61);
      expect((await send('GET', headers.get('azure-asyncoperation') ?? '')).body).toMatchObject({
        status: 'Failed',
      });
    }),
  );
});
