import { expect, test } from 'vitest';
import { describePlan } from '../../../src/plan/describe.ts';
import { smallKinds } from '../../fixtures/plan/kinds.ts';
import { edit, ownFailback, planOf, smallPlanText } from '../../fixtures/plan/small-plan.ts';

test('a plan is described by its promises and by every step of every stage', () => {
  expect(describePlan(planOf(smallPlanText), smallKinds)).toMatchInlineSnapshot(`
    "small
    Sites: east (eastus, cold, home), west (westus, cold)
    Objectives: RTO 10 min, RPO 5 min
    Data loss: up to 1 min is accepted without asking
    Fencing: a person says whether an old side that cannot be reached is down
    Approvals: none
    Drills: dry-run at "0 6 * * 2" UTC

    Failover (east to west)
    1. close
       stop         vm/stop                  ~30 s  Stop 1 machines (unplanned only)
    2. data
       database     sql/failover-group      ~1 min  planned: Move fg to west without loss
                                                    unplanned: Move fg to west; the newest data may be lost
    3. addresses
       address      network/public-ip        ~20 s  Attach 1 addresses
    4. validate
       application  validate/http             ~5 s  Send 2 requests
    5. traffic
       traffic      traffic-manager/switch    ~5 s  Open westEndpoint

    Failback (west to east): the same stages the other way round."
  `);
});

test("a way home of its own is described too, and so are a plan's own words", () => {
  const text = edit(
    smallPlanText + ownFailback,
    ['name: small', 'name: small\ndescription: A small application\napprovals: { count: 2 }'],
    ['limit: 1m', 'limit: 0s'],
    ['fencing:', 'fencing:\n  presumed: accept'],
  );
  const lines = describePlan(planOf(text), smallKinds).split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'small: A small application',
      'Data loss: never accepted without asking',
      'Fencing: an old side that two observers see down is taken to be down',
      'Approvals: 2 within 30 min',
      'Failback (west to east)',
      '1. home',
      '   wait  control/wait  ~1 min  Wait',
    ]),
  );
});
