import { beforeEach, describe, expect, it } from 'vitest';
import type { FailoverGroupView } from '../../../src/azure/access.ts';
import { instant } from '../../../src/core/clock.ts';
import type { LagBound, SentCall, StepContext } from '../../../src/steps/contract.ts';
import { sqlFailoverGroup as kind } from '../../../src/steps/sql-failover-group/index.ts';
import { createFakeAzure, noAnswer, refusal } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { run, START, stepContext, stillClock } from '../../fakes/step.ts';
import type { Run, StillClock } from '../../fakes/step.ts';

const servers = '/subscriptions/s/resourceGroups/data/providers/Microsoft.Sql/servers';
const east = `${servers}/sql-east`;
const west = `${servers}/sql-west`;
const settings = { group: 'fg', from: east, to: west };

let azure: FakeAzure;
let clock: StillClock;

beforeEach(() => {
  azure = createFakeAzure();
  clock = stillClock();
  azure.groups.set(east, view(east, west, 'Primary'));
  azure.groups.set(west, view(west, east, 'Secondary'));
});

function view(server: string, partner: string, role: 'Primary' | 'Secondary'): FailoverGroupView {
  return {
    id: `${server}/failoverGroups/fg`,
    server,
    location: 'x',
    role,
    replicationState: 'CATCH_UP',
    policy: 'Manual',
    graceMinutes: null,
    partners: [{ id: partner, location: 'y', role: role === 'Primary' ? 'Secondary' : 'Primary' }],
    databases: [`${server}/databases/cafe`],
  };
}

function set(server: string, patch: Partial<FailoverGroupView>): void {
  Object.assign(azure.groups.get(server)!, patch);
}

function lag(seconds: number): () => Promise<LagBound> {
  const sampledAt = instant(START - (seconds - 2) * 1000);
  return async () => ({ seconds, sampledAt, sampledSeconds: 2 });
}

function forward(patch: Parameters<typeof stepContext>[2] = {}): Promise<Run> {
  return run(kind.forward, stepContext(azure, clock, patch), settings);
}

const failedWith = (code: string): Partial<StepContext> => ({
  sent: [{ call: 'failover', sentAt: instant(START) }],
  lastFailure: { code, message: 'it did not work' },
});

describe('a planned failover', () => {
  it('moves the group without loss and proves that both servers agree', async () => {
    const done = await forward();
    expect(done).toMatchObject({ end: 'holds', verification: { lossSeconds: 0 } });
    expect(azure.sent).toEqual(['failover sql-west']);
  });

  it('adopts a group that is primary already, without a call and without claiming that nothing was lost', async () => {
    set(east, { role: 'Secondary' });
    set(west, { role: 'Primary' });
    const done = await forward();
    expect(done).toMatchObject({ end: 'holds', verification: { lossSeconds: null } });
    expect(azure.sent).toEqual([]);
  });

  it.each<[string, () => void]>([
    ['the old server cannot be read', () => azure.unreachable.set('sql-east', noAnswer())],
    ['the new server cannot be read', () => azure.unreachable.set('sql-west', noAnswer())],
    ['a forced failover has not come to rest', () => set(west, { replicationState: 'SUSPENDED' })],
    ['both servers say Secondary', () => set(east, { role: 'Secondary' })],
    ['both servers say Primary', () => set(west, { role: 'Primary' })],
  ])('waits while %s', async (_what, happen) => {
    happen();
    expect(await forward()).toMatchObject({ end: 'waits', seen: [{ goal: 'blocked' }] });
    expect(azure.sent).toEqual([]);
  });

  it('is never forced, whatever failed and whatever was accepted', async () => {
    const context = stepContext(azure, clock, {
      ...failedWith('PlannedFailoverTimedOut'),
      acceptedLossSeconds: Infinity,
      lag: lag(2),
    });
    const seen = await kind.forward.observe(context, settings);
    expect(await kind.forward.act(context, settings, seen)).toMatchObject([{ name: 'failover' }]);
  });

  it('waits for the proof until the old server has caught up as secondary', async () => {
    azure.slow = true;
    set(east, { role: 'Secondary', replicationState: 'SEEDING' });
    set(west, { role: 'Primary' });
    const done = await forward({ sent: [{ call: 'failover', sentAt: instant(START) }] });
    expect(done).toMatchObject({ end: 'waits', verification: { holds: false } });
  });

  it('refuses when the group does not exist', async () => {
    azure.groups.delete(west);
    expect(await forward()).toMatchObject({
      end: 'refused',
      refusal: { refuse: { code: 'FAILOVER_GROUP_MISSING' } },
    });
  });

  it('reports a failed operation with its code, to be tried again', async () => {
    azure.operations.set('failover sql-west', {
      is: 'failed',
      code: 'PlannedFailoverTimedOut',
      message: 'm',
    });
    azure.slow = true;
    expect(await forward()).toMatchObject({ end: 'failed', sentence: 'PlannedFailoverTimedOut' });
  });
});

describe('an unplanned failover', () => {
  const unplanned = { mode: 'unplanned' } as const;

  it('is made without loss while the old primary can take part', async () => {
    const done = await forward({ ...unplanned, lag: lag(2) });
    expect(done).toMatchObject({ end: 'holds', verification: { lossSeconds: 0 } });
    expect(azure.sent).toEqual(['failover sql-west']);
  });

  it('is forced when the old server cannot be read and the known loss is within the limit', async () => {
    azure.unreachable.set('sql-east', noAnswer());
    const done = await forward({ ...unplanned, lag: lag(300) });
    expect(azure.sent).toEqual(['force sql-west']);
    expect(done).toMatchObject({
      end: 'holds',
      verification: { lossSeconds: 300, proof: { forced: true } },
    });
  });

  it.each<[string, StepContext['lag'], number | null]>([
    ['is more than the limit', lag(301), 901],
    ['is not known', async () => null, null],
  ])(
    'asks a person when the loss %s, and goes on when it is accepted',
    async (_what, bound, up) => {
      azure.unreachable.set('sql-east', noAnswer());
      expect(await forward({ ...unplanned, lag: bound })).toMatchObject({
        end: 'asks',
        ask: { ask: 'data-loss', upToSeconds: up },
      });
      expect(azure.sent).toEqual([]);
      await forward({ ...unplanned, lag: bound, acceptedLossSeconds: up ?? Infinity });
      expect(azure.sent).toEqual(['force sql-west']);
    },
  );

  it.each<[string, StepContext['lag'], number, sent: StepContext['sent']]>([
    ['is more than was accepted', lag(902), 901, []],
    ['is not known any more', async () => null, 901, []],
    [
      'grew while a forced one was tried in vain',
      lag(902),
      901,
      [{ call: 'force-failover', sentAt: instant(START), ended: 'failed' }],
    ],
  ])('asks again when the loss %s', async (_what, bound, accepted, sent) => {
    azure.unreachable.set('sql-east', noAnswer());
    const context = { ...unplanned, lag: bound, acceptedLossSeconds: accepted, sent };
    expect(await forward(context)).toMatchObject({ end: 'asks', ask: { ask: 'data-loss' } });
    expect(azure.sent).toEqual([]);
  });

  it("prefers the step's own limit to the plan's", async () => {
    azure.unreachable.set('sql-east', noAnswer());
    const context = stepContext(azure, clock, { ...unplanned, lag: lag(20) });
    const end = await run(kind.forward, context, { ...settings, maxDataLoss: '10s' });
    expect(end.end).toBe('asks');
  });

  it.each([
    ['PlannedFailoverTimedOut', 'force sql-west'],
    ['PlannedFailoverTimedOutForDatabase', 'force sql-west'],
    ['FailoverGroupBusy', 'failover sql-west'],
    ['ANSWER_LOST', 'failover sql-west'],
    ['AuthorizationFailed', 'failover sql-west'],
  ])('after a lossless attempt that ended with %s sends: %s', async (code, sent) => {
    const context = stepContext(azure, clock, { ...unplanned, ...failedWith(code), lag: lag(2) });
    const calls = await kind.forward.act(
      context,
      settings,
      await kind.forward.observe(context, settings),
    );
    if ('ask' in calls || 'people' in calls || 'refuse' in calls) throw new Error('no calls');
    await calls[0]!.send(new AbortController().signal);
    expect(azure.sent).toEqual([sent]);
  });

  it('asks before it forces a primary that failed for an unknown reason, even within the limit', async () => {
    const failed = { ...unplanned, ...failedWith('SomethingNew'), lag: lag(2) };
    expect(await forward(failed)).toMatchObject({ end: 'asks' });
  });

  it('gives a group that is not at rest a minute and a half before it counts as unable', async () => {
    set(east, { replicationState: 'SUSPENDED' });
    expect(await forward({ ...unplanned, lag: lag(2) })).toMatchObject({ end: 'waits' });
    clock.pass(91);
    await forward({ ...unplanned, lag: lag(2) });
    expect(azure.sent).toEqual(['failover sql-west']);
  });

  it('repeats a forced failover that was refused as busy rather than start over', async () => {
    azure.refusals.set('force sql-west', refusal('FailoverGroupBusy', true));
    azure.unreachable.set('sql-east', noAnswer());
    expect(await forward({ ...unplanned, lag: lag(2) })).toMatchObject({ end: 'failed' });
    const context = stepContext(azure, clock, {
      ...unplanned,
      lag: lag(2),
      sent: [{ call: 'force-failover', sentAt: instant(START) }],
      lastFailure: { code: 'FailoverGroupBusy', message: '' },
    });
    const calls = await kind.forward.act(
      context,
      settings,
      await kind.forward.observe(context, settings),
    );
    expect(calls).toMatchObject([{ name: 'force-failover' }]);
  });

  it('does not call a loss known from a sample that was taken after the forced failover', async () => {
    azure.unreachable.set('sql-east', noAnswer());
    set(west, { role: 'Primary' });
    const late = { seconds: 1, sampledSeconds: 1, sampledAt: instant(START + 1000) };
    const done = await forward({
      ...unplanned,
      sent: [{ call: 'force-failover', sentAt: instant(START) }],
      lag: async () => late,
    });
    expect(done).toMatchObject({ end: 'holds', verification: { lossSeconds: null } });
  });
});

describe('a group that is busy', () => {
  it.each<[string, StepContext['sent'], string]>([
    [
      'with a failover of ours that was not answered is waited for',
      [{ call: 'failover', sentAt: instant(START) }],
      'blocked',
    ],
    [
      'with something else is asked again',
      [{ call: 'failover', sentAt: instant(START), ended: 'failed', refused: true }],
      'unmet',
    ],
  ])('%s', async (_what, sent, goal) => {
    const lastFailure = { code: 'FailoverGroupBusy', message: '' };
    const context = stepContext(azure, clock, { sent, lastFailure });
    expect(await kind.forward.observe(context, settings)).toMatchObject({ goal });
  });
});

describe('undo', () => {
  it('moves the group back without loss to the server that was primary', async () => {
    const { before } = await forward();
    azure.sent.length = 0;
    const back = await run(kind.undo!, stepContext(azure, clock, { before }), settings);
    expect(back.end).toBe('holds');
    expect(azure.sent).toEqual(['failover sql-east']);
    expect(azure.groups.get(east)).toMatchObject({ role: 'Primary' });
  });

  it('does nothing when the call that was lost had no effect', async () => {
    const { before } = await run(kind.forward, stepContext(azure, clock), settings);
    set(east, { role: 'Primary' });
    set(west, { role: 'Secondary' });
    azure.sent.length = 0;
    expect((await run(kind.undo!, stepContext(azure, clock, { before }), settings)).end).toBe(
      'holds',
    );
    expect(azure.sent).toEqual([]);
  });

  it.each([
    [null],
    [
      {
        from: { server: 'sql-east', is: 'Secondary', state: '' },
        to: { server: 'sql-west', is: 'Primary', state: '' },
      },
    ],
  ])('touches nothing when the old server was not primary before (%j)', async (before) => {
    set(east, { role: 'Secondary' });
    set(west, { role: 'Primary' });
    expect((await run(kind.undo!, stepContext(azure, clock, { before }), settings)).end).toBe(
      'holds',
    );
    expect(azure.sent).toEqual([]);
  });

  it('waits until a group that was forced is at rest', async () => {
    const { before } = await forward();
    set(west, { replicationState: 'SUSPENDED' });
    azure.sent.length = 0;
    expect((await run(kind.undo!, stepContext(azure, clock, { before }), settings)).end).toBe(
      'waits',
    );
    expect(azure.sent).toEqual([]);
  });

  describe('of a failover whose answer was lost and that shows no effect', () => {
    const undoAfter = async (
      seconds: number,
      call: Partial<SentCall>,
      back: StepContext['sent'] = [],
    ): Promise<string> => {
      const { before } = await forward();
      set(east, { role: 'Primary' });
      set(west, { role: 'Secondary' });
      azure.sent.length = 0;
      const sentThere = [{ call: 'failover', sentAt: instant(START), ...call }];
      clock.pass(seconds);
      const context = stepContext(azure, clock, { before, sentThere, sent: back });
      return (await run(kind.undo!, context, settings)).end;
    };

    it.each<[string, string, number, Partial<SentCall>]>([
      ['waits while it may still run', 'waits', 599, {}],
      ['is done once it cannot run any more', 'holds', 600, {}],
      ['is done at once when its end is known', 'holds', 130, { ended: 'failed' }],
      ['is done at once when it was refused', 'holds', 130, { ended: 'failed', refused: true }],
    ])('%s', async (_what, end, seconds, call) => {
      expect(await undoAfter(seconds, call)).toBe(end);
      expect(azure.sent).toEqual([]);
    });

    it('is done at once when the group has been moved back since', async () => {
      const back = [{ call: 'failover-back', sentAt: instant(START), ended: 'succeeded' as const }];
      expect(await undoAfter(130, {}, back)).toBe('holds');
    });
  });

  it.each([east, west])('does not wait for a group that is gone (%s)', async (server) => {
    const { before } = await forward();
    azure.sent.length = 0;
    azure.groups.delete(server);
    expect(await run(kind.undo!, stepContext(azure, clock, { before }), settings)).toMatchObject({
      end: 'refused',
    });
    expect(azure.sent).toEqual([]);
  });

  it('is safe after a planned failover and lossy after an unplanned one', () => {
    expect(kind.undoSafety(settings, 'planned')).toBe('safe');
    expect(kind.undoSafety(settings, 'unplanned')).toBe('lossy');
  });
});

describe('check', () => {
  const problems = async (patch: Parameters<typeof stepContext>[2] = {}): Promise<string[]> =>
    (await kind.check(stepContext(azure, clock, { lag: lag(2), ...patch }), settings)).map(
      ({ severity, problem }) => `${severity}: ${problem}`,
    );

  it('finds nothing wrong with a group at rest', async () => {
    expect(await problems()).toEqual([]);
  });

  it.each<[string, () => void, Parameters<typeof stepContext>[2]]>([
    [
      'warning: fails over by itself after 60 min',
      () => set(east, { policy: 'Automatic', graceMinutes: 60 }),
      {},
    ],
    ['critical: replication is SUSPENDED', () => set(east, { replicationState: 'SUSPENDED' }), {}],
    [
      'warning: replication is SUSPENDED',
      () => set(east, { replicationState: 'SUSPENDED' }),
      { mode: 'unplanned' },
    ],
    ['critical: has no failover group', () => azure.groups.delete(west), {}],
    ['critical: cannot be read', () => azure.unreachable.set('sql-east', noAnswer()), {}],
    [
      'info: cannot be read',
      () => azure.unreachable.set('sql-east', noAnswer()),
      { mode: 'unplanned' },
    ],
    ['critical: does not replicate with', () => set(west, { partners: [] }), {}],
    ['warning: holds no databases', () => set(west, { databases: [] }), {}],
    ['warning: there is no sample', () => undefined, { lag: async () => null }],
    ['info: is primary already', () => set(west, { role: 'Primary' }), {}],
  ])('reports %s', async (problem, happen, patch) => {
    happen();
    expect(await problems(patch)).toEqual([expect.stringContaining(problem)]);
  });
});
