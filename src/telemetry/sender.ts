import type { HttpClient } from '@azure/core-rest-pipeline';
import { instant } from '../core/clock.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { probe } from '../steps/probe.ts';
import type { LogRecord } from './log-record.ts';
import { createMeter } from './meter.ts';
import type { Meter } from './meter.ts';
import { otlpLogs, otlpMetrics, otlpTraces } from './otlp.ts';
import type { Resource } from './otlp.ts';
import type { Span } from './spans.ts';

/** What the rest of the app tells. Nobody waits for it, and nothing that is told is ever an error. */
export interface Telemetry extends Meter {
  tell(record: LogRecord): void;
  trace(spans: readonly Span[]): void;
}

/** A collector that speaks OTLP over HTTP in JSON. */
export interface Collector {
  /** Its address, to which `/v1/traces`, `/v1/metrics`, `/v1/logs` are added. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface SenderDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
}

/** What was told is sent together, so long after the first of it: an instance may be gone a minute later. */
const GATHER_SECONDS = 15;
const SEND_SECONDS = 10;
/** While a collector is slow the rest waits, and so much of it only: the oldest makes room. */
const SPANS = 4096;
const RECORDS = 4096;

/**
 * Gathers what is told and sends it, one request of each kind at a time. What a collector did not take is not sent
 * again: the record is the evidence, this is for looking. While nothing is told no timer runs.
 */
export function createTelemetry(
  collector: Collector,
  resource: Resource,
  deps: SenderDeps,
): Telemetry {
  const { clock } = deps;
  const meter = createMeter();
  const post = createPost(collector, deps);
  let spans: Span[] = [];
  let records: LogRecord[] = [];
  let isComing = false;
  let from = instant(clock.now());

  async function send(): Promise<void> {
    const gathered = meter.collect();
    const [traced, told] = [spans, records];
    const window = [from, instant(clock.now())] as const;
    [spans, records, from] = [[], [], window[1]];
    await Promise.all([
      gathered.length > 0 && post('metrics', otlpMetrics(resource, gathered, window)),
      traced.length > 0 && post('traces', otlpTraces(resource, traced)),
      told.length > 0 && post('logs', otlpLogs(resource, told)),
    ]);
  }

  async function later(): Promise<void> {
    try {
      while (meter.holds() || spans.length > 0 || records.length > 0) {
        await clock.sleep(GATHER_SECONDS * 1000);
        await send();
      }
    } finally {
      isComing = false;
    }
  }

  function soon(): void {
    if (isComing) return;
    isComing = true;
    // Only the clock can fail here, and then there is no later.
    void later().catch(() => undefined);
  }

  return {
    count(...given) {
      meter.count(...given);
      soon();
    },
    measure(...given) {
      meter.measure(...given);
      soon();
    },
    show(...given) {
      meter.show(...given);
      soon();
    },
    trace(more) {
      spans = [...spans, ...more].slice(-SPANS);
      soon();
    },
    tell(record) {
      records = [...records, record].slice(-RECORDS);
      soon();
    },
  };
}

type Kind = 'metrics' | 'traces' | 'logs';

/** Says once that the collector takes nothing, and once that it does again: it is asked every few seconds. */
function createPost(
  { endpoint, headers }: Collector,
  deps: SenderDeps,
): (kind: Kind, body: string) => Promise<void> {
  const failing = new Set<Kind>();
  const base = endpoint.replace(/\/+$/, '');
  return async (kind, body) => {
    const why = await refusal(deps, {
      url: `${base}/v1/${kind}`,
      headers: { ...headers, 'content-type': 'application/json' },
      body,
    });
    if (why !== null && !failing.has(kind)) {
      const message = `The collector of OTEL_EXPORTER_OTLP_ENDPOINT does not take ${kind}: ${why}. What is not taken is lost; the record is whole without it.`;
      deps.log({ level: 'warning', message });
    }
    if (why === null && failing.has(kind)) {
      const message = `The collector of OTEL_EXPORTER_OTLP_ENDPOINT takes ${kind} again.`;
      deps.log({ level: 'info', message });
    }
    if (why === null) failing.delete(kind);
    else failing.add(kind);
  };
}

const UNREACHED =
  'it cannot be reached, or breaks off; look at its address, its certificate and the network';

interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Null when it was taken. The errors of HTTP clients name addresses and headers, which hold keys: they are not told. */
async function refusal(deps: SenderDeps, message: Message): Promise<string | null> {
  try {
    const sent = { ...message, method: 'POST', timeoutSeconds: SEND_SECONDS } as const;
    const answer = await probe(deps, sent);
    if (answer.status !== null) return answer.status < 300 ? null : `it answered ${answer.status}`;
    const tooLate = `no answer within ${SEND_SECONDS} s`;
    return answer.reason === tooLate ? tooLate : UNREACHED;
  } catch {
    return UNREACHED;
  }
}
