import { describe, expect, it } from 'vitest';
import { evidenceOf, withStack } from '../support/door.ts';
import { detail, prepare, start, untilStill } from '../support/failover.ts';

describe('the time that counts as Azure’s', () => {
  it('is what its services said to wait, and not how often we look at the application', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: 'websphere-cafe', mode: 'planned' });
      expect(await untilStill(stack, id)).toBe('succeeded');
      const { steps } = await detail(stack, id);
      const times = (name: string): { all: number; azure: number } => {
        const step = steps.find((one) => one.id === name);
        return { all: step?.forwardSeconds ?? NaN, azure: step?.azureSeconds ?? NaN };
      };
      const database = times('database');
      // Of what asks the application, that which it kept waiting longest.
      const [application = database] = ['console', 'application', 'coffee']
        .map(times)
        .sort((one, other) => other.all - one.all);
      expect(application.all).toBeGreaterThan(10);
      expect(application.azure).toBeLessThan(2);
      expect(database.azure).toBeGreaterThan(0.8 * database.all);
      const { criticalPath } = await evidenceOf(stack, id);
      expect(criticalPath.overheadRatio).toBeGreaterThan(1.01);
      expect(criticalPath.overheadRatio).toBeLessThan(1.2);
    });
  });

  it('is that of the way forward also for what was undone, and apart from how long the undo took', async () => {
    await withStack({}, async (stack) => {
      await prepare(stack, 'planned');
      stack.simulator.control.fault({
        ...{ operation: 'network/interface', resource: '', times: 100 },
        ...{ kind: 'respond', status: 403, code: 'AuthorizationFailed' },
      });
      const { id } = await start(stack, { plan: 'websphere-cafe', mode: 'planned' });
      expect(await untilStill(stack, id)).toBe('compensated');
      const { stages, criticalPath } = await evidenceOf(stack, id);
      const steps = stages.flatMap((stage) => stage.steps);
      const machines = steps.find((step) => step.id === 'machines');
      // Recovery points, the failover and its jobs: minutes. The undo has none of these waits.
      expect(machines).toMatchObject({ state: 'undone' });
      expect(machines?.seconds ?? 0).toBeGreaterThan(240);
      expect(machines?.azureSeconds ?? 0).toBeGreaterThan(0.9 * (machines?.seconds ?? 0));
      expect(steps.find((step) => step.id === 'addresses')?.seconds).toBeGreaterThan(0);
      expect(criticalPath.parts.map(({ step }) => step)).toContain('machines');
      expect(criticalPath).toMatchObject({ elapsedSeconds: null, overheadRatio: null });
    });
  });
});
