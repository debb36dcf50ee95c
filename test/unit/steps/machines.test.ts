import { beforeEach, describe, expect, it } from 'vitest';
import type { PowerState } from '../../../src/azure/access.ts';
import { instant } from '../../../src/core/clock.ts';
import type { Fencing } from '../../../src/core/execution.ts';
import { vmStart } from '../../../src/steps/vm-start/index.ts';
import { vmStop } from '../../../src/steps/vm-stop/index.ts';
import { createFakeAzure, noAnswer } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { run, START, stepContext, stillClock } from '../../fakes/step.ts';
import type { Run } from '../../fakes/step.ts';

const id = (name: string): string =>
  `/subscriptions/s/resourceGroups/east/providers/Microsoft.Compute/virtualMachines/${name}`;
const settings = { machines: [id('a'), id('b')] };

let azure: FakeAzure;

beforeEach(() => {
  azure = createFakeAzure();
});

function have(name: string, power: PowerState): void {
  azure.machines.set(id(name), { id: id(name), name, location: 'eastus', size: null, power });
}

function stop(patch: Parameters<typeof stepContext>[2] = {}): Promise<Run> {
  return run(vmStop.forward, stepContext(azure, stillClock(), patch), settings);
}

const fencing =
  (state: Fencing['state']): (() => Promise<Fencing>) =>
  async () => ({ state, at: instant(START), observers: [] });

describe('vm/stop', () => {
  it.each<[PowerState, PowerState, Run['end'], readonly string[]]>([
    ['running', 'running', 'holds', ['deallocate east/a', 'deallocate east/b']],
    ['running', 'stopped', 'holds', ['deallocate east/a', 'deallocate east/b']],
    ['deallocated', 'running', 'holds', ['deallocate east/b']],
    ['deallocated', 'deallocated', 'holds', []],
    ['deallocated', 'deallocating', 'waits', []],
    ['running', 'deallocating', 'waits', ['deallocate east/a']],
    ['unknown', 'deallocated', 'holds', ['deallocate east/a']],
  ])('with machines %s and %s: %s, sends %j', async (a, b, end, sent) => {
    have('a', a);
    have('b', b);
    expect((await stop()).end).toBe(end);
    expect(azure.sent).toEqual(sent);
  });

  it('takes a machine that does not exist for stopped', async () => {
    have('a', 'running');
    expect((await stop()).end).toBe('holds');
    expect(azure.sent).toEqual(['deallocate east/a']);
  });

  it('stops what can be reached, says what cannot, and sends nothing there', async () => {
    have('a', 'running');
    have('b', 'running');
    azure.unreachable.set('virtualMachines/b', noAnswer());
    const end = await stop({ mode: 'unplanned' });
    expect(end).toMatchObject({ end: 'waits', sentence: 'a is deallocated, b is unreachable.' });
    expect(azure.sent).toEqual(['deallocate east/a']);
  });

  it.each<[Fencing['state'], Run['end']]>([
    ['presumed', 'holds'],
    ['unknown', 'waits'],
  ])('in a dead region with fencing %s: %s', async (state, end) => {
    azure.unreachable.set('resourceGroups/east', noAnswer());
    const done = await stop({ mode: 'unplanned', fencing: fencing(state) });
    expect(done.end).toBe(end);
    expect(done.seen[0]!.presumed ?? false).toBe(end === 'holds');
    expect(azure.sent).toEqual([]);
  });

  it('presumes nothing in a planned run', async () => {
    azure.unreachable.set('resourceGroups/east', noAnswer());
    expect((await stop({ fencing: fencing('presumed') })).end).toBe('waits');
  });

  it('is undone by starting only what ran before', async () => {
    have('a', 'running');
    have('b', 'deallocated');
    const { before } = await stop();
    azure.sent.length = 0;
    const end = await run(vmStop.undo!, stepContext(azure, stillClock(), { before }), settings);
    expect(end.end).toBe('holds');
    expect(azure.sent).toEqual(['start east/a']);
  });

  it('reports a failed operation', async () => {
    have('a', 'running');
    azure.operations.set('deallocate east/a', {
      is: 'failed',
      code: 'OperationFailed',
      message: 'm',
    });
    expect(await stop()).toMatchObject({ end: 'failed', sentence: 'OperationFailed' });
  });

  it('refuses settings in which two machines would have the same call', () => {
    const other = id('A').replace('/east/', '/west/');
    expect(vmStop.settings.safeParse({ machines: [id('a'), other] }).success).toBe(false);
  });
});

describe('vm/start', () => {
  const start = (): Promise<Run> =>
    run(vmStart.forward, stepContext(azure, stillClock()), settings);

  it.each<[PowerState, PowerState, Run['end'], readonly string[]]>([
    ['deallocated', 'stopped', 'holds', ['start east/a', 'start east/b']],
    ['running', 'running', 'holds', []],
    ['running', 'starting', 'waits', []],
    ['deallocating', 'running', 'waits', []],
    ['running', 'deallocated', 'holds', ['start east/b']],
  ])('with machines %s and %s: %s, sends %j', async (a, b, end, sent) => {
    have('a', a);
    have('b', b);
    expect((await start()).end).toBe(end);
    expect(azure.sent).toEqual(sent);
  });

  it('refuses when a machine does not exist', async () => {
    have('a', 'deallocated');
    expect(await start()).toMatchObject({
      end: 'refused',
      refusal: { refuse: { code: 'MACHINE_MISSING' } },
    });
    expect(azure.sent).toEqual([]);
  });

  it('is undone by stopping only what was off before', async () => {
    have('a', 'running');
    have('b', 'deallocated');
    const { before } = await start();
    azure.sent.length = 0;
    await run(vmStart.undo!, stepContext(azure, stillClock(), { before }), settings);
    expect(azure.sent).toEqual(['deallocate east/b']);
  });
});

it('checks that the machines are there and can be read', async () => {
  have('a', 'running');
  azure.unreachable.set('virtualMachines/b', noAnswer());
  const severities = async (mode: 'planned' | 'unplanned'): Promise<string[]> =>
    (await vmStop.check(stepContext(azure, stillClock(), { mode }), settings)).map(
      ({ severity }) => severity,
    );
  expect(await severities('planned')).toEqual(['critical']);
  expect(await severities('unplanned')).toEqual(['info']);
  azure.unreachable.clear();
  expect(await severities('planned')).toEqual(['warning']);
});
