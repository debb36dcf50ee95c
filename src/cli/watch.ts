import { instant } from '../core/clock.ts';
import type { RecordedEvent } from '../core/events.ts';
import { exitCode } from '../core/transitions.ts';
import type { EventPage, ExecutionDetail } from '../functions/services.ts';
import type { CliContext } from './context.ts';
import { EXIT, Failure } from './failure.ts';
import type { Server, Tagged } from './server.ts';
import { eventLine, timeline } from './timeline.ts';
import type { Canvas } from './timeline.ts';

const POLL_MILLISECONDS = 2_000;
/** The app may restart or be redeployed while we watch; an operator's screen should outlast that. */
const PATIENCE_MILLISECONDS = 300_000;

export interface Watching {
  readonly id: string;
  /** Events as JSON, one a line, instead of a picture. */
  readonly json: boolean;
}

/** Follows an execution until it ends or waits for an operator; returns the exit code of that state. */
export async function watch({ id, json }: Watching, context: CliContext): Promise<number> {
  const { terminal, clock } = context;
  const follower = followExecution(id, context);
  for (;;) {
    const { execution, fresh, all } = await follower.look();
    const code = exitCode(execution.state);
    const picture = timeline(execution, all, canvas(context));
    if (json) for (const event of fresh) terminal.out(JSON.stringify(event));
    else if (!terminal.live) for (const event of fresh) terminal.out(eventLine(event));
    else terminal.redraw(code === null ? picture : []);
    if (code !== null) {
      // Nothing is drawn over the last picture, so it may be longer than the screen.
      if (!json) terminal.out([...(terminal.live ? [] : ['']), ...picture].join('\n'));
      terminal.talk(nextStep(execution));
      return code;
    }
    await clock.sleep(POLL_MILLISECONDS);
  }
}

export function canvas({ terminal, clock }: CliContext): Canvas {
  return { now: instant(clock.now()), width: terminal.width, colors: terminal.colors };
}

interface Look {
  readonly execution: ExecutionDetail;
  readonly fresh: readonly RecordedEvent[];
  readonly all: readonly RecordedEvent[];
}

/** Keeps what was seen, so that an unchanged execution costs one 304 and no events. */
function followExecution(id: string, context: CliContext): { look(): Promise<Look> } {
  const server = context.server();
  const path = `/api/executions/${encodeURIComponent(id)}`;
  const all: RecordedEvent[] = [];
  let last: Tagged<ExecutionDetail> | null = null;
  let after: string | null = null;
  return {
    async look() {
      const answer = await patiently(context, () =>
        server.getIfChanged<ExecutionDetail>(path, last?.etag ?? null),
      );
      if (answer === 'unchanged' && last !== null) return { execution: last.body, fresh: [], all };
      if (answer === 'unchanged') throw new Failure(EXIT.failed, 'The app answered 304 unasked.');
      const page: EventPage = await patiently(context, () => eventsAfter(server, path, after));
      last = answer;
      after = page.next;
      all.push(...page.events);
      return { execution: answer.body, fresh: page.events, all };
    },
  };
}

function eventsAfter(server: Server, path: string, after: string | null): Promise<EventPage> {
  const query = after === null ? '' : `?after=${encodeURIComponent(after)}`;
  return server.get<EventPage>(`${path}/events${query}`);
}

/** Asks again while the app is away; a refusal is final. */
async function patiently<T>({ clock, terminal }: CliContext, ask: () => Promise<T>): Promise<T> {
  const since = clock.now();
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      const passing = error instanceof Failure && error.exitCode === EXIT.failed;
      if (!passing || clock.now() - since > PATIENCE_MILLISECONDS) throw error;
      if (tries === 1)
        terminal.talk(`${error.message}\nStill watching; the execution goes on without us.`);
      await clock.sleep(POLL_MILLISECONDS);
    }
  }
}

function nextStep({ id, state }: ExecutionDetail): string {
  return state === 'paused'
    ? `Choose one of the commands above, then: switchover execution watch ${id}`
    : `For the record: switchover evidence show ${id}`;
}
