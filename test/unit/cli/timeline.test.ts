import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { timeline } from '../../../src/cli/timeline.ts';
import type { RecordedEvent } from '../../../src/core/events.ts';
import { STEP_STATES } from '../../../src/core/step.ts';
import type { ExecutionDetail } from '../../../src/functions/services.ts';
import { NOW } from './cli.ts';
import { PAUSED, RUNNING, SUCCEEDED, event, step } from './executions-fixture.ts';

function drawn(
  execution: ExecutionDetail,
  events: readonly RecordedEvent[] = [],
  width = 100,
): string {
  const colors = picocolors.createColors(false);
  return timeline(execution, events, { now: NOW, width, colors }).join('\n');
}

describe('the timeline', () => {
  it('shows a run that moves: stages, steps, times, and what happened last', () => {
    const events = ['1', '2', '3', '4'].map((n) => event(`10:00:2${n}`, Number(n), `part ${n}`));
    expect(drawn(RUNNING, events)).toMatchInlineSnapshot(`
      "websphere-cafe  planned failover  east → west  running  5 min
      fo-1  Running the planned failover: move data and machines.

      close the old side
        ✔ close-endpoint  done     12 s         myPrimaryEndpoint is disabled
      move data and machines
        ▶ database        running  4 min 42 s   42 %  failing over to sql-cafe-west
        … machines        waiting  4 min 42 s   waits for a recovery point newer than the closing of the …
      move traffic
        · traffic         pending

      10:00:22  database: part 2
      10:00:23  database: part 3
      10:00:24  database: part 4"
    `);
  });

  it('shows why a run waits, what each choice does, and the command that makes it', () => {
    expect(drawn(PAUSED)).toMatchInlineSnapshot(`
      "websphere-cafe  unplanned failover  east → west  paused  5 min
      fo-1  database needs your word.

      close the old side
        ✔ close-endpoint  done     12 s         myPrimaryEndpoint is disabled
      move data and machines
        ✗ database        failed   2 min        PlannedFailoverTimedOut: the primary does not answer
        … machines        waiting  4 min 42 s   waits for a recovery point newer than the closing of the …
      move traffic
        · traffic         pending

      Paused since 2026-11-02T10:02:20.000Z: At most 6 min of data may be lost; the plan allows 5 min.
        accept  forces the failover and loses up to 6 min of data
          switchover execution accept fo-1 --accept data-loss --reason "…"
        retry  tries the lossless way again
          switchover execution retry fo-1 --reason "…"
        cancel  ends the run
          switchover execution cancel fo-1 --then compensate|stay --reason "…""
    `);
  });

  it('shows at the end how long everything took, against the objectives', () => {
    expect(drawn(SUCCEEDED)).toMatchInlineSnapshot(`
      "websphere-cafe  planned failover  east → west  succeeded  4 min 12 s
      fo-1  websphere-cafe serves from west.

      close the old side
        ✔ close-endpoint  done  12 s         done
      move data and machines
        ✔ database        done  3 min        done
        ✔ machines        done  3 min        done
      move traffic
        ✔ traffic         done  20 s         done

      Step            State  Took   Of that Azure
      close-endpoint  done   12 s   10 s
      database        done   3 min  1 min
      machines        done   3 min  2 min 50 s
      traffic         done   20 s   20 s

      RTO            4 min of 30 min: met
      RPO            0 s of 5 min: met
      Critical path  3 min 20 s of Azure's own operations (close-endpoint, machines, traffic)
      Overhead       1.07 × the critical path
      Old side       fenced"
    `);
  });

  it.each([
    ['skip', {}, 'switchover execution skip fo-1 --step database --reason "…"'],
    ['cancel', { direction: 'undo' as const }, 'cancel fo-1 --then stay --reason "…"'],
  ] as const)('completes the command for %s with what the run knows', (command, change, line) => {
    const { since, why, from, reminders } = PAUSED.pause!;
    const pause = { since, why, from, reminders, choices: [{ command, does: 'goes on' }] };
    expect(drawn({ ...PAUSED, ...change, pause })).toContain(line);
  });

  it('says to whoever approves what follows, in full, and how to approve', () => {
    const sentence = `It waits for one person to agree. ${'Move this and that. '.repeat(20)}`;
    const picture = drawn({ ...RUNNING, state: 'awaiting-approval', sentence });
    expect(picture).toContain(sentence);
    expect(picture).toContain('switchover execution approve fo-1 --reason "…"');
  });

  it.each([
    [
      'missed',
      { servedAgainAt: '2026-11-02T11:00:00.000Z' },
      'RTO            1 h of 30 min: missed',
    ],
    [
      'counted from the first bad observation',
      { firstBadAt: '2026-11-02T09:59:00.000Z' },
      'RTO            5 min of 30 min: met',
    ],
    [
      'of a loss that nobody knows',
      { dataLossSeconds: null },
      'RPO            unknown (objective 5 min)',
    ],
  ])('states an objective that is %s', (_, change, line) => {
    expect(drawn({ ...SUCCEEDED, ...change })).toContain(line);
  });

  it('claims no recovery time and no overhead for a run that was undone', () => {
    const { servedAgainAt, ...rest } = SUCCEEDED;
    expect(servedAgainAt).toBeDefined();
    const criticalPath = { ...rest.criticalPath, overheadRatio: null };
    const picture = drawn({ ...rest, criticalPath, state: 'compensated' });
    expect(picture).toContain('not served from the other side (objective 30 min)');
    expect(picture).not.toContain('Overhead');
  });

  it('tells how long a step took apart from how long its undo took', () => {
    const undone = {
      ...step('database', 'undone', 1),
      ...({ direction: 'undo', azureSeconds: 5 } as const),
      ...{ forwardSeconds: 60, forwardAzureSeconds: 40 },
      ...{ startedAt: '2026-11-02T10:00:00.000Z', runStartedAt: '2026-11-02T10:10:00.000Z' },
      endedAt: '2026-11-02T10:10:07.000Z',
    };
    const lines = drawn({ ...SUCCEEDED, state: 'compensated', steps: [undone] }).split('\n');
    expect(lines.filter((line) => /database .*undone/.test(line))).toEqual([
      '  ↩ database  undone  7 s',
      'database  undone  1 min  40 s           7 s',
    ]);
  });

  it('gives every state of a step its own mark', () => {
    const marks = STEP_STATES.map((state) => {
      const one = { ...RUNNING, steps: [step('traffic', state, 2)] };
      return drawn(one).split('\n').at(-1)?.trim().charAt(0);
    });
    expect(new Set(marks).size).toBe(STEP_STATES.length);
  });

  it.each([40, 60, 80])('keeps within %i columns the lines that are drawn over', (width) => {
    const long = event('10:00:20', 1, 'a sentence that goes on and on '.repeat(5));
    const lines = drawn(RUNNING, [long], width).split('\n').slice(1);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });
});
