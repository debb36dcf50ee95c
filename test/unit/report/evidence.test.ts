import { describe, expect, test } from 'vitest';
import type { Happening, RecordedEvent } from '../../../src/core/events.ts';
import { buildEvidence } from '../../../src/report/evidence.ts';
import { parseEvidence } from '../../../src/report/evidence-schema.ts';
import { renderMarkdown } from '../../../src/report/markdown.ts';
import { verifyEvidence } from '../../../src/report/verify.ts';
import { at } from './story-events.ts';
import { story } from './story.ts';

const evidence = buildEvidence(story());

function without<T extends object, K extends keyof T>(whole: T, name: K): Omit<T, K> {
  const rest = { ...whole };
  Reflect.deleteProperty(rest, name);
  return rest;
}

describe('evidence', () => {
  test('survives a file', () => {
    expect(parseEvidence(JSON.stringify(evidence))).toEqual(evidence);
  });

  test('counts the recovery time from the first bad observation to the first good answer', () => {
    const { totalSeconds, met, phases, betweenSeconds } = evidence.recoveryTime;
    expect({ totalSeconds, met }).toEqual({ totalSeconds: 320, met: true });
    expect(phases.map((phase) => [phase.name, phase.seconds, phase.counted])).toEqual([
      ['detection and decision', 60, 60],
      ['preflight', 2, 2],
      ['stage: close', 121, 121],
      ['stage: move data', 120, 120],
      ['stage: move traffic', 18, 17],
    ]);
    const sum = phases.reduce((total, phase) => total + (phase.counted ?? 0), 0);
    expect(sum + (betweenSeconds ?? 0)).toBe(totalSeconds);
  });

  test('says how long DNS took, how long nobody was served, and how long people were waited for', () => {
    expect(evidence.recoveryTime).toMatchObject({
      dnsSeconds: 16,
      downtimeSeconds: 255,
      waitedForPeopleSeconds: 54,
    });
  });

  test('counts from the request when nothing bad was seen before', () => {
    const input = story();
    const header = without(input.header, 'firstBadAt');
    const { recoveryTime } = buildEvidence({ ...input, header });
    expect(recoveryTime.totalSeconds).toBe(260);
    expect(recoveryTime.phases[0]?.name).toBe('preflight');
  });

  test('tells noticing from deciding, and checks from the people who were waited for', () => {
    const input = story();
    const [first] = input.events;
    const event = (seconds: number, happening: Happening): RecordedEvent => ({
      ...first!,
      at: at(seconds),
      ...happening,
    });
    const events = [
      ...input.events,
      event(60, {
        type: 'detected',
        data: {
          ...{ site: 'east', at: at(45), firstBadAt: at(0) },
          ...{ sentence: 'east has failed.', because: [] },
        },
      }),
      event(61, {
        type: 'approval-awaited',
        data: { needed: 1, expiresAt: at(3600) },
      }),
    ];
    const { phases } = buildEvidence({ ...input, events }).recoveryTime;
    expect(phases.slice(0, 4).map(({ name, seconds }) => [name, seconds])).toEqual([
      ['detection', 45],
      ['decision', 15],
      ['preflight', 1],
      ['approval', 1],
    ]);
  });

  test('leaves open what is not over', () => {
    const input = story();
    const unserved = without(without(input.header, 'servedAgainAt'), 'endedAt');
    const header = { ...unserved, state: 'running' } as const;
    const events = input.events.filter((event) => event.at < at(303));
    const { recoveryTime, criticalPath } = buildEvidence({ ...input, header, events });
    expect(recoveryTime).toMatchObject({
      totalSeconds: null,
      met: null,
      betweenSeconds: null,
      dnsSeconds: null,
    });
    expect(recoveryTime.phases.at(-1)).toMatchObject({
      name: 'stage: move data',
      to: null,
      seconds: null,
    });
    expect(criticalPath.overheadRatio).toBeNull();
  });

  test.each([
    [0, true],
    [300, true],
    [400, false],
    [null, null],
    [undefined, null],
  ])('holds a loss of %s against the objective: met is %s', (loss, met) => {
    const input = story();
    const rest = without(input.header, 'dataLossSeconds');
    const header = loss === undefined ? rest : { ...rest, dataLossSeconds: loss };
    expect(buildEvidence({ ...input, header }).recoveryPoint).toMatchObject({
      lossSeconds: loss ?? null,
      met,
    });
  });

  test('takes the slowest step of each stage for the critical path', () => {
    expect(evidence.criticalPath).toEqual({
      parts: [
        { stage: 'close', step: 'close', seconds: 2 },
        { stage: 'move data', step: 'database', seconds: 60 },
        { stage: 'move traffic', step: 'coffee', seconds: 12 },
      ],
      azureSeconds: 74,
      elapsedSeconds: 258,
      overheadRatio: 3.486,
    });
  });

  test('takes the times of the way forward for what was undone since', () => {
    const input = story();
    const header = { ...input.header, state: 'compensated' } as const;
    const steps = input.steps.map((step) =>
      step.id === 'database'
        ? {
            ...step,
            ...({ state: 'undone', direction: 'undo', forwardAzureSeconds: 60 } as const),
            ...{ azureSeconds: 5, startedAt: at(184), runStartedAt: at(330), endedAt: at(340) },
          }
        : step,
    );
    const { criticalPath, stages } = buildEvidence({ ...input, header, steps });
    expect(stages[1]?.steps[0]).toMatchObject({ seconds: 118, azureSeconds: 60 });
    expect(criticalPath).toMatchObject({
      azureSeconds: 74,
      elapsedSeconds: null,
      overheadRatio: null,
    });
  });

  test('lists every call with its correlation id, in the order in which they were sent', () => {
    expect(evidence.calls.map((call) => [call.call, call.outcome, call.correlationId])).toEqual([
      ['disable:east', 'completed', 'c-1'],
      ['deallocate:vm', 'unanswered', null],
      ['force', 'accepted', 'c-2'],
    ]);
  });

  test('lists a call that is in the events but not yet in the rows', () => {
    const input = story();
    const attempts = input.attempts.filter((attempt) => attempt.call !== 'force');
    const written = buildEvidence({ ...input, attempts });
    expect(written.calls.at(-1)).toMatchObject({
      call: 'force',
      sentence: 'POST forceFailoverAllowDataLoss to sql-west',
      sentAt: at(242),
      outcome: 'unanswered',
    });
    expect(verifyEvidence(written)).toEqual([]);
  });

  test('tells what became of each decision', () => {
    expect(evidence.decisions).toMatchObject([
      {
        command: 'accept',
        accept: 'data-loss',
        by: { name: 'Ben' },
        outcome: 'carried-out',
        why: null,
      },
    ]);
  });

  test('says what is left: what failed, and what nobody knows', () => {
    expect(evidence.left).toEqual([
      'stop failed and may have had part of its effect: East US | does not <answer>',
      `stop: whether deallocate:vm (sent ${at(63)}) had its effect is not known; look at the resource`,
    ]);
    expect(evidence.undone).toEqual([]);
  });

  test('of an execution that was undone says what was undone and what is left', () => {
    const input = story();
    const header = { ...input.header, state: 'cancelled' } as const;
    const steps = input.steps.map((step) =>
      step.id === 'close'
        ? ({ ...step, state: 'undone', sentence: 'endpoint east is enabled' } as const)
        : step,
    );
    const { undone, left } = buildEvidence({ ...input, header, steps });
    expect(undone).toEqual(['close: endpoint east is enabled']);
    expect(left).toContain('database was done and is not undone: sql-west is primary');
    expect(left).toContain(
      'traffic was found done by somebody else and is left: endpoint west is enabled already',
    );
  });

  test('takes the stages of the way back from the plan, when it gives some', () => {
    const input = story();
    const header = { ...input.header, kind: 'failback', from: 'west', to: 'east' } as const;
    const plan = {
      ...input.plan,
      failbackStages: [{ name: 'home', steps: input.plan.stages[1]!.steps }],
    };
    const { stages } = buildEvidence({ ...input, header, plan });
    expect(stages.map((stage) => [stage.name, stage.steps.length])).toEqual([['home', 1]]);
  });

  test('is the same in whatever order the rows were read', () => {
    const input = story();
    expect(buildEvidence({ ...input, events: [...input.events].reverse() }).events).toEqual(
      evidence.events,
    );
  });
});

describe('an evidence file', () => {
  test.each([
    ['no JSON', '{', /it is no JSON/],
    ['something else', '[]', /document: /],
    ['a field of another type', JSON.stringify({ ...evidence, calls: 3 }), /calls: /],
    ['a later form', JSON.stringify({ ...evidence, format: 'switchover-evidence/2' }), /format: /],
  ])('is refused with the reason when it is %s', (_what, text, why) => {
    expect(() => parseEvidence(text)).toThrow(why);
  });
});

test('Markdown tells an auditor everything on one page', async () => {
  await expect(renderMarkdown(evidence)).toMatchFileSnapshot('evidence-page.txt');
});
