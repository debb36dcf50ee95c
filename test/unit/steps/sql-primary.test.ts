import { describe, expect, it } from 'vitest';
import type { FailoverGroupView } from '../../../src/azure/access.ts';
import { instant } from '../../../src/core/clock.ts';
import { sqlFailoverGroup as kind } from '../../../src/steps/sql-failover-group/index.ts';
import { validateSql } from '../../../src/steps/validate-sql/index.ts';
import { createFakeAzure, noAnswer } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { run, START, stepContext, stillClock } from '../../fakes/step.ts';

const SERVERS = '/subscriptions/s/resourceGroups/data/providers/Microsoft.Sql/servers';
const EAST = `${SERVERS}/sql-east`;
const WEST = `${SERVERS}/sql-west`;

type Role = FailoverGroupView['role'];
type Word = readonly [role: Role, state: string];

function groupOf(words: Readonly<Record<string, Word>>): FakeAzure {
  const azure = createFakeAzure();
  for (const [server, [role, replicationState]] of Object.entries(words)) {
    azure.groups.set(server, {
      ...{ id: `${server}/failoverGroups/fg`, server, location: 'x', role, replicationState },
      ...{ policy: 'Manual', graceMinutes: null, databases: [`${server}/databases/cafe`] },
      partners: [{ id: server === EAST ? WEST : EAST, location: 'y', role: 'Secondary' }],
    });
  }
  return azure;
}

/** East was dead when West took over by force: it has not noticed. */
const UNNOTICED = { [EAST]: ['Primary', 'CATCH_UP'], [WEST]: ['Primary', 'SUSPENDED'] } as const;
const forced = { call: 'force-failover', sentAt: instant(START), ended: 'succeeded' } as const;

describe('two servers that both call themselves primary', () => {
  it.each([
    ['the one that took over is primary', UNNOTICED, EAST, WEST, [], 'holds'],
    ['the one that has not noticed is not', UNNOTICED, WEST, EAST, [], 'waits'],
    [
      'neither is taken for it when nothing tells them apart',
      { [EAST]: ['Primary', 'CATCH_UP'], [WEST]: ['Primary', 'CATCH_UP'] },
      ...[EAST, WEST, [], 'waits'],
    ],
    [
      "the service's word on our own forced failover tells them apart",
      { [EAST]: ['Primary', 'CATCH_UP'], [WEST]: ['Primary', 'CATCH_UP'] },
      ...[EAST, WEST, [forced], 'holds'],
    ],
  ] as const)('%s', async (_name, words, from, to, sent, end) => {
    const azure = groupOf(words);
    const context = stepContext(azure, stillClock(), { mode: 'unplanned', sent });
    expect((await run(kind.forward, context, { group: 'fg', from, to })).end).toBe(end);
    expect(azure.sent).toEqual([]);
  });
});

describe('the check that a server is primary', () => {
  const BOTH = { [EAST]: ['Primary', 'CATCH_UP'], [WEST]: ['Secondary', 'CATCH_UP'] } as const;

  it.each([
    ['holds when the other one says so, too', BOTH, EAST, [], true],
    ['does not hold of one that has not noticed who took over', UNNOTICED, EAST, [], false],
    ['holds of the one that took over', UNNOTICED, WEST, [], true],
    ['holds when the other one cannot be asked', UNNOTICED, EAST, ['sql-west'], true],
  ] as const)('%s', async (_name, words, server, dead, holds) => {
    const azure = groupOf(words);
    for (const one of dead) azure.unreachable.set(one, noAnswer());
    const context = stepContext(azure, stillClock());
    const end = await validateSql.forward.verify(context, { group: 'fg', server });
    expect(end.holds).toBe(holds);
  });
});

describe('undoing a forced failover', () => {
  it('goes back also when the old primary could not be asked before', async () => {
    const azure = groupOf({ [EAST]: ['Primary', 'CATCH_UP'], [WEST]: ['Secondary', 'CATCH_UP'] });
    const settings = { group: 'fg', from: EAST, to: WEST };
    azure.unreachable.set('sql-east', noAnswer());
    const mode = 'unplanned';
    const { facts } = await kind.forward.observe(
      stepContext(azure, stillClock(), { mode }),
      settings,
    );

    const later = groupOf({ [EAST]: ['Secondary', 'CATCH_UP'], [WEST]: ['Primary', 'CATCH_UP'] });
    const context = stepContext(later, stillClock(), { mode, before: facts });
    expect((await run(kind.undo!, context, settings)).end).toBe('holds');
    expect(later.sent).toEqual(['failover sql-east']);
  });
});
