import { SwitchoverError } from '../../../src/core/errors.ts';
import { GENESIS } from '../../../src/core/execution.ts';
import type { PlanVersion } from '../../../src/core/plan-version.ts';
import type { Principal } from '../../../src/core/principal.ts';
import type {
  CommandOrder,
  ExecutionDetail,
  ExecutionFilter,
  PlanDetail,
  PlanReadiness,
  PushOrder,
  Services,
  StartOrder,
  WatchReport,
} from '../../../src/functions/services.ts';

export const ADA: Principal = {
  id: '0a1b',
  name: 'Ada Lovelace',
  kind: 'person',
  roles: ['Operator'],
};

export const VERSION: PlanVersion = {
  ...{ number: 7, hash: 'b'.repeat(64), by: ADA },
  ...{ at: '2026-11-02T09:00:00.000Z', reason: 'longer time-out' },
};

export const PLAN: PlanDetail = {
  name: 'websphere-cafe',
  file: 'websphere-cafe.yaml',
  description: 'WebSphere café on five virtual machines',
  home: 'east',
  sites: [
    { name: 'east', region: 'eastus', standby: 'cold' },
    { name: 'west', region: 'westus', standby: 'cold' },
  ],
  active: 'east',
  running: null,
  version: null,
  problems: [],
  hash: 'a'.repeat(64),
  objectives: { rtoSeconds: 1800, rpoSeconds: 300 },
  publicUrl: 'http://websphere-cafe.trafficmanager.net/websphere-cafe/',
  stages: [
    {
      name: 'move data',
      steps: [
        {
          id: 'database',
          uses: 'sql/failover-group',
          when: 'always',
          timeoutSeconds: 900,
          sentence: 'Fails failovergroup-cafe over to sql-cafe-west.',
        },
      ],
    },
  ],
  budget: {
    from: 'east',
    to: 'west',
    mode: 'unplanned',
    detectionSeconds: 45,
    stages: [
      { name: 'move data', seconds: 60, slowest: 'database', counts: true },
      { name: 'commit', seconds: 120, slowest: 'commit', counts: false },
    ],
    dnsSeconds: 10,
    totalSeconds: 115,
    rtoSeconds: 1800,
  },
  findings: [],
};

export const EXECUTION: ExecutionDetail = {
  id: 'fo-1',
  plan: 'websphere-cafe',
  planHash: 'a'.repeat(64),
  kind: 'failover',
  mode: 'planned',
  from: 'east',
  to: 'west',
  state: 'running',
  direction: 'forward',
  reason: 'maintenance',
  requestedBy: ADA,
  requestedAt: '2026-11-02T10:00:00.000Z',
  startedAt: '2026-11-02T10:00:01.000Z',
  token: 1,
  orchestrationVersion: '1',
  stage: 0,
  accepted: [],
  commandsDone: 0,
  head: GENESIS,
  sentence: 'Stage 1 of 1: move data',
  objectives: { rtoSeconds: 1800, rpoSeconds: 300 },
  stages: [{ name: 'move data', steps: ['database'] }],
  steps: [],
  approvals: [],
  criticalPath: { parts: [], azureSeconds: 0, elapsedSeconds: null, overheadRatio: null },
};

export const READINESS: PlanReadiness = {
  plan: 'websphere-cafe',
  planHash: 'a'.repeat(64),
  at: '2026-11-02T10:00:00.000Z',
  from: 'east',
  to: 'west',
  findings: [],
  otherSite: { ready: 'yes', why: 'west could take over, as of 2026-11-02T10:00:00.000Z.' },
};

export interface Seen {
  readonly starts: StartOrder[];
  readonly pushes: PushOrder[];
  readonly commands: CommandOrder[];
  readonly filters: ExecutionFilter[];
  readonly cursors: (string | null)[];
  readonly readiness: { readonly plan: string; readonly fresh: boolean }[];
}

/** Services that answer for one plan and one execution, and note what they were asked. */
export const WATCHED: WatchReport = {
  plan: PLAN.name,
  active: 'east',
  action: 'act',
  verdict: {
    is: 'failed',
    sentence: 'east has failed: 2 independent sources of 2 needed say so (front, traffic).',
    because: ['front at east: bad 3 times since 10:03:30 (no answer within 5 s)'],
    firstBadAt: '2026-11-21T10:03:30.000Z',
  },
  since: '2026-11-21T10:04:30.000Z',
  lookedAt: '2026-11-21T10:05:00.000Z',
  standings: [],
  restraints: [{ is: 'hold', sentence: 'Ada holds everything since noon: maintenance.' }],
  explanations: [
    {
      at: '2026-11-21T10:05:00.000Z',
      until: '2026-11-21T10:05:00.000Z',
      is: 'failed',
      sentence: 'east has failed.',
      because: [],
      restraints: ['Ada holds everything since noon: maintenance.'],
      did: null,
    },
  ],
};

export function fakeServices(
  changes: Partial<Services> = {},
  executions: Partial<Services['executions']> = {},
): { services: Services; seen: Seen } {
  const seen: Seen = {
    starts: [],
    pushes: [],
    commands: [],
    filters: [],
    cursors: [],
    readiness: [],
  };
  const services: Services = {
    access: { by: 'keys' },
    limits: { admit: () => undefined },
    plans: {
      list: async () => [PLAN],
      get: async (name) => (name === PLAN.name ? PLAN : null),
      roles: async (name) =>
        name === PLAN.name ? { plan: PLAN.name, roles: [], byHand: [] } : null,
      async push(order) {
        seen.pushes.push(order);
        return {
          ...{ plan: PLAN.name, version: VERSION, unchanged: false },
          ...{ findings: [], running: null },
        };
      },
      retire: async () => ({ ...VERSION, number: 8, retired: true }),
      versions: async (name) => (name === PLAN.name ? [VERSION] : []),
      version: async (name, number) =>
        name === PLAN.name && (number === 'newest' || number === VERSION.number)
          ? { ...VERSION, text: 'name: websphere-cafe\n' }
          : null,
    },
    executions: {
      async start(order) {
        seen.starts.push(order);
        return { id: 'fo-1', repeated: false };
      },
      async list(filter) {
        seen.filters.push(filter);
        return [EXECUTION];
      },
      get: async (id) => (id === EXECUTION.id ? EXECUTION : null),
      async events(id, after) {
        seen.cursors.push(after);
        return id === EXECUTION.id ? { events: [], next: '7' } : null;
      },
      async command(order) {
        seen.commands.push(order);
        return { sequence: 1 };
      },
      evidence: async () => null,
      ...executions,
    },
    alerts: {
      receive: async () => ({ repeated: false, matched: [] }),
      list: async () => [],
    },
    watching: {
      report: async (plan) => (plan === PLAN.name ? WATCHED : null),
      hold: async () => ({ hold: null, history: [] }),
      setHold: async () => ({ hold: null, history: [] }),
      liftCooldown: async ({ plan }) => (plan === PLAN.name ? WATCHED : null),
    },
    async readiness(plan, { fresh }) {
      seen.readiness.push({ plan, fresh });
      return READINESS;
    },
    drills: { report: async () => ({ calendar: [], history: [] }) },
    health: async () => ({ status: 'up', version: '0.1.0' }),
    ...changes,
  };
  return { services, seen };
}

export function locked(): never {
  throw new SwitchoverError('LOCKED', 'websphere-cafe is locked by fo-0.', {
    details: { execution: 'fo-0' },
  });
}
