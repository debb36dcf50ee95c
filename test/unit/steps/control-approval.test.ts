import { describe, expect, it } from 'vitest';
import type { StepApproval } from '../../../src/core/approval.ts';
import { instant } from '../../../src/core/clock.ts';
import { controlApproval as kind } from '../../../src/steps/control-approval/index.ts';
import { createFakeAzure } from '../../fakes/azure.ts';
import { run, START, stepContext, stillClock } from '../../fakes/step.ts';
import type { Run } from '../../fakes/step.ts';

const settings = kind.settings.parse({ count: 2, expires: '1h', about: 'Move?' });
const asked: StepApproval = {
  needed: 2,
  expiresAt: instant(START),
  agreed: [
    {
      by: { id: '1', name: 'Ada', kind: 'person', roles: ['Approver'] },
      at: instant(START),
      reason: 'fine',
    },
  ],
};

function forward(approval: StepApproval | null): Promise<Run> {
  return run(kind.forward, stepContext(createFakeAzure(), stillClock(), { approval }), settings);
}

describe('control/approval', () => {
  it.each([
    ['nobody was asked', null],
    ['too few agreed', asked],
  ])('asks while %s', async (_when, approval) => {
    expect(await forward(approval)).toMatchObject({ end: 'asks', sentence: 'Move?' });
  });

  it.each([
    ['agreed', 'Ada agreed.'],
    ['expired', 'Goes on although only 1 of 2 agreed in time, as the plan says.'],
  ] as const)(
    'is done once the approval is through because it %s, and says who agreed',
    async (through, sentence) => {
      const { end, verification } = await forward({ ...asked, through });
      expect(end).toBe('holds');
      expect(verification).toMatchObject({ sentence, proof: { through, agreed: [{ by: 'Ada' }] } });
    },
  );

  it('tells whom it waits for', () => {
    const way = { mode: 'planned', from: 'east', to: 'west' } as const;
    expect(kind.describe(settings, way)).toBe(
      'Wait up to 1 h for 2 people to agree to this: Move?',
    );
    expect(kind.describe(kind.settings.parse({}), way)).toBe(
      'Wait up to 30 min for one person to agree.',
    );
  });
});
