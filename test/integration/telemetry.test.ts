import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../src/core/log.ts';
import type { Receiver } from '../../local/stack/receivers.ts';
import { INSTRUMENTS } from '../../src/telemetry/instruments.ts';
import { ask, evidenceOf, pass, withStack } from '../support/door.ts';
import { order, prepare, records, start, untilStill } from '../support/failover.ts';
import { COLLECTOR as settings, collector, timeOf, total } from '../support/otlp.ts';
import { editedPlans } from '../support/plans.ts';

const PLAN = 'websphere-cafe';
const RUN = {
  'switchover.plan': PLAN,
  'switchover.kind': 'failover',
  'switchover.mode': 'planned',
};

describe('a failover with a collector', () => {
  it('is one trace: the execution, its steps below it, the calls to Azure below those', async () => {
    const { traces, receivers } = collector();
    await withStack({ receivers, settings }, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      expect(await untilStill(stack, id)).toBe('succeeded');
      await pass(stack, 60);

      expect(traces).toHaveLength(1);
      const [spans = []] = traces;
      expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
      expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);

      const [root] = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
      const header = (await records(stack).header(id))!.value;
      expect(root).toMatchObject({ name: 'failover', kind: 1 });
      expect(root).not.toHaveProperty('status');
      expect(root!.labels['switchover.execution']).toBe(id);
      expect(root!.labels['switchover.data_loss_seconds']).toBe(0);
      expect([timeOf(root!.startTimeUnixNano), timeOf(root!.endTimeUnixNano)]).toEqual([
        header.requestedAt,
        header.endedAt,
      ]);

      const steps = spans.filter(({ parentSpanId }) => parentSpanId === root!.spanId);
      expect(steps.map(({ labels }) => labels['switchover.step']).sort()).toEqual(
        (await records(stack).steps(id))
          .filter(({ value }) => value.startedAt !== undefined)
          .map(({ value }) => value.id)
          .sort(),
      );

      const calls = spans.filter(({ kind }) => kind === 3);
      expect(calls.length).toBeGreaterThan(5);
      expect(calls.map(({ labels }) => labels['azure.correlation_id']).sort()).toEqual(
        (await records(stack).attempts(id))
          .map((one) => one.correlationId ?? one.operation?.correlationId)
          .sort(),
      );
      for (const call of calls) {
        const step = steps.find(({ spanId }) => spanId === call.parentSpanId);
        expect(step?.labels['switchover.step']).toBe(call.labels['switchover.step']);
      }
    });
  });

  it('is counted and measured as its evidence has it', async () => {
    const heard = collector();
    await withStack({ receivers: heard.receivers, settings }, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await untilStill(stack, id);
      await pass(stack, 60);

      const { recoveryTime, recoveryPoint } = await evidenceOf(stack, id);
      const header = (await records(stack).header(id))!.value;
      const took = (Date.parse(header.endedAt!) - Date.parse(header.requestedAt)) / 1000;
      expect(total(heard, 'switchover.execution.begun', RUN).value).toBe(1);
      expect(total(heard, 'switchover.execution.duration', RUN)).toEqual({ value: 1, sum: took });
      expect(total(heard, 'switchover.recovery.duration', RUN)).toEqual({
        value: 1,
        sum: recoveryTime.totalSeconds,
      });
      expect(total(heard, 'switchover.recovery.data_loss', RUN)).toEqual({ value: 1, sum: 0 });
      expect([recoveryTime.met, recoveryPoint.met]).toEqual([true, true]);
      const met = { ...RUN, 'switchover.result': 'met' };
      expect(total(heard, 'switchover.recovery.objectives', met).value).toBe(2);

      const steps = (await records(stack).steps(id)).map(({ value }) => value);
      const database = steps.find(({ uses }) => uses === 'sql/failover-group');
      expect(
        total(heard, 'switchover.step.duration', { 'switchover.step_kind': 'sql/failover-group' }),
      ).toEqual({ value: 1, sum: database?.forwardSeconds });
      const attempts = await records(stack).attempts(id);
      expect(total(heard, 'switchover.call.outcomes').value).toBe(attempts.length);
      const { value: requests } = total(heard, 'http.client.request.duration', {
        'azure.resource_provider.namespace': 'Microsoft.Sql',
      });
      expect(requests).toBeGreaterThan(3);
    });
  });

  it('shows while it is under way, in records that belong to the trace to come', async () => {
    const { receivers, records: told, points, traces } = collector();
    await withStack({ receivers, settings }, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await pass(stack, 90);
      expect(traces).toEqual([]);
      const states = told.filter(({ event }) => event === 'switchover.execution.state');
      expect(states.map(({ labels }) => labels['switchover.state'])).toEqual([
        'requested',
        'preflight',
        'running',
      ]);
      const ages = points.filter((one) => one.metric === 'switchover.execution.age');
      expect(ages.map(({ labels }) => labels['switchover.state'])).toContain('running');

      expect(await untilStill(stack, id)).toBe('succeeded');
      await pass(stack, 60);
      const spans = new Set(traces.flat().map(({ spanId }) => spanId));
      const steps = told.filter(({ event }) => event === 'switchover.step.state');
      expect(steps.length).toBeGreaterThan(10);
      expect([...states, ...steps].filter(({ spanId }) => !spans.has(spanId ?? ''))).toEqual([]);
    });
  });

  it('names nobody: who asked and why stays in the record', async () => {
    const { bodies, receivers } = collector();
    await withStack({ receivers, settings }, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await untilStill(stack, id);
      await pass(stack, 60);
      const { requestedBy, reason } = (await records(stack).header(id))!.value;
      expect(bodies.length).toBeGreaterThan(3);
      for (const secret of [requestedBy.id, `"${requestedBy.name}"`, reason])
        expect(bodies.filter((body) => body.includes(secret))).toEqual([]);
    });
  });

  it('says whose it is, and which life of which instance', async () => {
    const { resources, receivers } = collector();
    const named = {
      ...settings,
      OTEL_SERVICE_NAME: 'switchover-prod',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=production,service.name=ignored',
    };
    await withStack({ receivers, settings: named }, async (stack) => {
      await pass(stack, 120);
      stack.crash();
      await stack.clock.run(() => stack.host.start());
      await pass(stack, 120);
    });
    const instances = new Set(resources.map((one) => one['service.instance.id']));
    expect(instances.size).toBe(2);
    for (const one of resources) {
      expect(one).toMatchObject({
        'service.name': 'switchover-prod',
        'deployment.environment.name': 'production',
      });
    }
  });

  it.each<[string, Receiver]>([
    ['refuses', () => 403],
    ['never answers', () => 'silent'],
  ])('ends at the same time when the collector %s, and says so in the log', async (_, answer) => {
    const log: LogEntry[] = [];
    const ends: (string | undefined)[] = [];
    for (const receivers of [undefined, collector(answer).receivers]) {
      const told = receivers === undefined ? {} : { receivers, settings };
      await withStack({ ...told, log: (entry) => void log.push(entry) }, async (stack) => {
        await prepare(stack, 'planned');
        const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
        expect(await untilStill(stack, id)).toBe('succeeded');
        const end = (await records(stack).header(id))!.value.endedAt!;
        ends.push(end);
        await pass(stack, 60);
      });
    }
    expect(ends[1]).toBe(ends[0]);
    const warnings = log.filter(({ message }) => message.includes('OTEL_EXPORTER_OTLP_ENDPOINT'));
    // Once for each kind of message, not each time.
    expect(warnings.map(({ level }) => level)).toEqual(['warning', 'warning', 'warning']);
  });
});

const ASKS = { watched: true, plans: editedPlans([]) };

describe('a watch with a collector', () => {
  it('tells of a false alarm: who saw what, and that nothing was done', async () => {
    const heard = collector();
    await withStack({ ...ASKS, receivers: heard.receivers, settings }, async (stack) => {
      await pass(stack, 190);
      stack.simulator.control.outage('eastus', 'application');
      await pass(stack, 40);
      stack.simulator.control.outage('eastus', 'none');
      await pass(stack, 300);

      const verdicts = heard.records.filter(({ event }) => event === 'switchover.watch.verdict');
      expect(verdicts.map(({ labels }) => labels['switchover.verdict'])).toEqual(
        expect.arrayContaining(['healthy', 'suspect']),
      );
      expect(verdicts.map(({ labels }) => labels['switchover.verdict'])).not.toContain('failed');
      const suspect = verdicts.find(({ labels }) => labels['switchover.verdict'] === 'suspect');
      expect(suspect).toMatchObject({
        severity: 'warning',
        labels: { 'switchover.plan': PLAN, 'switchover.site': 'east' },
      });
      expect(String(suspect?.labels['switchover.because'])).toContain('503');
      expect(verdicts.filter(({ labels }) => labels['switchover.did'] !== undefined)).toEqual([]);

      const plan = { 'switchover.plan': PLAN };
      const { value: looks } = total(heard, 'switchover.watch.verdicts', plan);
      const { value: ticks } = total(heard, 'switchover.watch.tick.duration', {
        'switchover.result': 'looked',
      });
      expect([looks, ticks]).toEqual([ticks, ticks]);
      const intervals = total(heard, 'switchover.watch.tick.interval');
      expect(Math.round(intervals.sum / intervals.value)).toBe(30);
      expect(total(heard, 'switchover.watch.detection.duration').value).toBe(0);
    });
  });

  it('tells of a failure: how long it took to be sure, what waits for whom, and what was done', async () => {
    const heard = collector();
    await withStack({ ...ASKS, receivers: heard.receivers, settings }, async (stack) => {
      await pass(stack, 190);
      stack.simulator.control.outage('eastus', 'data');
      await pass(stack, 600);
      const { body } = await ask(stack, { path: '/api/executions' });
      const [{ id }] = body['executions'] as unknown as [{ id: string }];
      const header = (await records(stack).header(id))!.value;

      const done = heard.records.filter(({ labels }) => labels['switchover.did'] !== undefined);
      expect(done.map(({ labels }) => labels['switchover.did'])).toEqual([
        `Prepared execution ${id}, which waits for approval.`,
      ]);
      const { value, sum } = total(heard, 'switchover.watch.detection.duration');
      const { firstBadAt, requestedAt } = header;
      expect(value).toBe(1);
      // What follows from the verdict, up to the request, is a second or two.
      const most = (Date.parse(requestedAt) - Date.parse(firstBadAt!)) / 1000;
      expect(sum).toBeGreaterThan(most - 5);
      expect(sum).toBeLessThanOrEqual(most);

      const waiting = heard.points.filter((one) => one.metric === 'switchover.execution.waiting');
      expect(waiting.at(-1)?.labels).toMatchObject({ 'switchover.state': 'awaiting-approval' });
      expect(waiting.at(-1)?.value).toBeGreaterThan(300);
      await order(stack, id, { command: 'reject', reason: 'not now' }, 'approver');
      await pass(stack, 300);
      const after = heard.points.filter((one) => one.metric === 'switchover.execution.waiting');
      expect(after.length - waiting.length).toBeLessThanOrEqual(1);
    });
  });

  it('says what kept it from starting, without the name of who did', async () => {
    const heard = collector();
    const acts = editedPlans([{ find: 'action: ask', put: 'action: act' }]);
    await withStack(
      { watched: true, plans: acts, receivers: heard.receivers, settings },
      async (stack) => {
        const reason = 'the network is rebuilt';
        await ask(stack, { path: '/api/hold', method: 'POST', body: { reason }, as: 'operator' });
        await pass(stack, 190);
        stack.simulator.control.outage('eastus', 'data');
        await pass(stack, 300);
        const failed = heard.records.filter(
          ({ labels }) => labels['switchover.verdict'] === 'failed',
        );
        expect(failed.map(({ labels }) => labels['switchover.withheld_by'])).toContainEqual([
          'hold',
        ]);
        expect(heard.bodies.filter((body) => body.includes(reason))).toEqual([]);
      },
    );
  });
});

describe('what is sent', () => {
  it('is what the catalogue has: every instrument with its own attributes', async () => {
    const { points, receivers } = collector();
    await withStack({ ...ASKS, receivers, settings }, async (stack) => {
      await pass(stack, 190);
      stack.simulator.control.outage('eastus', 'data');
      await pass(stack, 300);
    });
    for (const { metric, labels } of points) {
      const known: readonly string[] = INSTRUMENTS[metric as keyof typeof INSTRUMENTS].attributes;
      expect(Object.keys(labels).filter((label) => !known.includes(label))).toEqual([]);
    }
    expect(new Set(points.map(({ metric }) => metric)).size).toBeGreaterThan(7);
  });

  it('is nothing, to nobody, when no collector is configured', async () => {
    const { bodies, receivers } = collector();
    await withStack({ ...ASKS, receivers }, (stack) => pass(stack, 300));
    expect(bodies).toEqual([]);
  });
});
