import type { HttpClient } from '@azure/core-rest-pipeline';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { isTerminal } from '../core/execution.ts';
import type { ExecutionRecord } from '../core/execution.ts';
import type { Log } from '../core/log.ts';
import type { Entry, Executions } from '../records/executions.ts';
import { probe } from '../steps/probe.ts';
import { VERSION } from '../version.ts';
import { otlpTraces } from './otlp.ts';
import { spansOf } from './spans.ts';

const SEND_SECONDS = 10;

/** A collector that speaks OTLP over HTTP. */
export interface Collector {
  /** Its address, to which `/v1/traces` is added. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface TraceDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The same record, of which a collector is sent a trace when an execution has ended. Nobody waits for the collector, and
 * what it did not take is not sent again: the record is the evidence, a trace is for looking.
 */
export function traced(executions: Executions, collector: Collector, deps: TraceDeps): Executions {
  return {
    ...executions,
    async write(id, at, entry) {
      await executions.write(id, at, entry);
      const ended = endedBy(entry);
      if (ended !== null) void send(executions, ended, collector, deps);
    },
  };
}

/** The execution, if this is the write that ends it: others may follow. */
function endedBy({ header }: Entry): ExecutionRecord | null {
  if (header === undefined || isTerminal(header.before.value.state)) return null;
  return isTerminal(header.after.state) ? header.after : null;
}

async function send(
  executions: Executions,
  execution: ExecutionRecord,
  { endpoint, headers }: Collector,
  deps: TraceDeps,
): Promise<void> {
  try {
    const [steps, attempts] = await Promise.all([
      executions.steps(execution.id),
      executions.attempts(execution.id),
    ]);
    const told = { execution, steps: steps.map(({ value }) => value), attempts };
    const { status } = await probe(deps, {
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: otlpTraces(spansOf(told), VERSION),
      timeoutSeconds: SEND_SECONDS,
    });
    if (status === null || status >= 300)
      warn(deps, execution, `answered ${status ?? `nothing within ${SEND_SECONDS} s`}`);
  } catch (error) {
    warn(deps, execution, messageOf(error));
  }
}

function warn({ log }: TraceDeps, { id }: ExecutionRecord, why: string): void {
  log({
    level: 'warning',
    message: `The trace of execution ${id} was not sent: the collector of OTEL_EXPORTER_OTLP_ENDPOINT ${why}. The record is whole without it.`,
  });
}
