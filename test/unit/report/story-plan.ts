import type { Plan, Step } from '../../../src/plan/plan.ts';

const step = (id: string, uses: string): Step => ({
  id,
  uses,
  with: {},
  when: 'always',
  timeoutSeconds: 600,
  retry: { attempts: 3, firstDelaySeconds: 5, factor: 2 },
});

export const plan: Plan = {
  name: 'cafe',
  description: 'A café',
  home: 'east',
  sites: {
    east: { name: 'east', region: 'eastus', standby: 'cold', resources: {} },
    west: { name: 'west', region: 'westus', standby: 'cold', resources: {} },
  },
  objectives: { rtoSeconds: 1800, rpoSeconds: 300 },
  dataLoss: { limitSeconds: 300, databases: [] },
  fencing: { presumed: 'ask', machines: [] },
  publicUrl: 'http://cafe.example.net/',
  detection: { worstCaseSeconds: 45 },
  dnsTtlSeconds: 10,
  stages: [
    { name: 'close', steps: [step('close', 'traffic-manager/switch'), step('stop', 'vm/stop')] },
    { name: 'move data', steps: [step('database', 'sql/failover-group')] },
    {
      name: 'move traffic',
      steps: [step('traffic', 'traffic-manager/switch'), step('coffee', 'validate/http')],
    },
  ],
  approvals: { count: 1, expiresSeconds: 3600 },
  reminderSeconds: 900,
};
