import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../src/core/log.ts';
import type { Receiver } from '../../local/stack/receivers.ts';
import { pass, withStack } from '../support/door.ts';
import { prepare, records, start, untilStill } from '../support/failover.ts';

const PLAN = 'websphere-cafe';
const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.receivers.internal' };

interface Sent {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code: number; readonly message: string };
  readonly attributes: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string; readonly intValue?: string };
  }[];
}

/** A collector that keeps what it hears in memory. */
function collector(answer: Receiver = () => 200) {
  const traces: (readonly Sent[])[] = [];
  const hear: Receiver = (body, attempt) => {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { scopeSpans: { spans: Sent[] }[] }[];
    };
    traces.push(resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)));
    return answer(body, attempt);
  };
  return { traces, receivers: { COLLECTOR: hear } };
}

function attribute(span: Sent, wanted: string): string | undefined {
  const value = span.attributes.find(({ key }) => key === wanted)?.value;
  return value?.stringValue ?? value?.intValue;
}

const at = (nanoseconds: string): string =>
  new Date(Number(BigInt(nanoseconds) / 1_000_000n)).toISOString();

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
      expect(attribute(root!, 'switchover.execution')).toBe(id);
      expect(attribute(root!, 'switchover.data_loss_seconds')).toBe('0');
      expect([at(root!.startTimeUnixNano), at(root!.endTimeUnixNano)]).toEqual([
        header.requestedAt,
        header.endedAt,
      ]);

      const steps = spans.filter(({ parentSpanId }) => parentSpanId === root!.spanId);
      expect(steps.map((one) => attribute(one, 'switchover.step')).sort()).toEqual(
        (await records(stack).steps(id))
          .filter(({ value }) => value.startedAt !== undefined)
          .map(({ value }) => value.id)
          .sort(),
      );

      const calls = spans.filter(({ kind }) => kind === 3);
      expect(calls.length).toBeGreaterThan(5);
      expect(calls.map((one) => attribute(one, 'azure.correlation_id')).sort()).toEqual(
        (await records(stack).attempts(id))
          .map((one) => one.correlationId ?? one.operation?.correlationId)
          .sort(),
      );
      for (const call of calls) {
        const step = steps.find(({ spanId }) => spanId === call.parentSpanId);
        expect(attribute(step!, 'switchover.step')).toBe(attribute(call, 'switchover.step'));
      }
    });
  });

  it('names nobody: who asked and why stays in the record', async () => {
    const bodies: string[] = [];
    const receivers = { COLLECTOR: (body: string) => (bodies.push(body), 200) };
    await withStack({ receivers, settings }, async (stack) => {
      await prepare(stack, 'planned');
      const { id } = await start(stack, { plan: PLAN, mode: 'planned' });
      await untilStill(stack, id);
      await pass(stack, 60);
      const { requestedBy, reason } = (await records(stack).header(id))!.value;
      expect(bodies).toHaveLength(1);
      for (const secret of [requestedBy.id, `"${requestedBy.name}"`, reason])
        expect(bodies[0]).not.toContain(secret);
    });
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
    expect(warnings.map(({ level }) => level)).toEqual(['warning']);
  });
});
