import type { Kind } from './actions.ts';

export const FAILOVER: Kind = {
  operation: 'UnplannedFailover',
  scenario: 'UnplannedFailover',
  friendlyName: 'Failover',
  fault: 'site-recovery/failover',
  needs: 'all',
};

export const COMMIT: Kind = {
  operation: 'Commit',
  scenario: 'CommitFailover',
  friendlyName: 'Commit',
  fault: 'site-recovery/commit',
  needs: 'some',
};

export const CHANGE_POINT: Kind = {
  operation: 'ChangePit',
  scenario: 'ApplyRecoveryPoint',
  friendlyName: 'Change recovery point',
  fault: 'site-recovery/change-point',
  needs: 'all',
};

export const TEST_FAILOVER: Kind = {
  operation: 'TestFailover',
  scenario: 'TestFailover',
  friendlyName: 'Test failover',
  fault: 'site-recovery/test-failover',
  needs: 'all',
};

export const TEST_FAILOVER_CLEANUP: Kind = {
  operation: 'TestFailoverCleanup',
  scenario: 'TestFailoverCleanup',
  friendlyName: 'Test failover cleanup',
  fault: 'site-recovery/test-failover-cleanup',
  needs: 'some',
};

export const REPROTECT: Kind = {
  operation: 'SwitchProtection',
  scenario: 'SwitchReplicationGroupProtection',
  friendlyName: 'Reprotect',
  fault: 'site-recovery/reprotect',
  needs: 'some',
};

/** What a plan may allow, in its own words. */
export const OF_PLANS: readonly (readonly [name: string, kind: Kind])[] = [
  ['UnplannedFailover', FAILOVER],
  ['TestFailover', TEST_FAILOVER],
  ['TestFailoverCleanup', TEST_FAILOVER_CLEANUP],
  ['Commit', COMMIT],
  ['ReverseReplicate', REPROTECT],
];
