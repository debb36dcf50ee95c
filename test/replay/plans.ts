import type { PlanSource } from '../../src/plan/source.ts';

interface WrittenStep {
  readonly id: string;
  readonly uses: string;
  readonly with: object;
  readonly timeout?: string;
  readonly onFailure?: string;
}

/** A plan that changes nothing: only how long its steps take matters to the orchestrators. */
export function idlePlan(name: string, stages: readonly (readonly WrittenStep[])[]): PlanSource {
  const plan = {
    version: 1,
    name,
    home: 'east',
    publicUrl: 'http://websphere-cafe.trafficmanager.net/websphere-cafe/',
    sites: {
      east: { region: 'eastus', standby: 'cold', resources: {} },
      west: { region: 'westus', standby: 'cold', resources: {} },
    },
    objectives: { rto: '1h', rpo: '0s' },
    detection: { interval: '10s', tolerated: 3, timeout: '5s' },
    dnsTtl: '10s',
    stages: stages.map((steps, index) => ({ name: `stage ${index + 1}`, steps })),
  };
  // JSON is YAML.
  return { list: async () => [{ file: `${name}.yaml`, text: JSON.stringify(plan) }] };
}

export function waits(id: string, seconds: number): WrittenStep {
  return { id, uses: 'control/wait', with: { for: `${seconds}s` } };
}

/** Looks every few seconds at a site where nothing answers, until its time is up; the execution goes on. */
export function looksInVain(id: string, timeout: string): WrittenStep {
  const url = 'http://ihs-cafe.westus.cloudapp.azure.com/websphere-cafe/';
  const requests = [{ name: 'the other site', url, expect: { status: 200 } }];
  return { id, uses: 'validate/http', with: { requests }, timeout, onFailure: 'continue' };
}
