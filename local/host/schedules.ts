import { Cron } from 'croner';
import type { Hub } from './durable/hub.ts';
import { bindingText } from './functions/registrations.ts';
import type { FunctionDefinition } from './functions/registrations.ts';

/** Runs of timer triggers less than a second late are on time. */
const LATENESS = 1000;

/** The timer triggers of one run of the host: NCRONTAB of six fields (five: no seconds), UTC. */
export function startSchedules(
  hub: Hub,
  functions: readonly FunctionDefinition[],
  againMs?: number,
): void {
  for (const definition of functions) {
    if (definition.trigger.type.toLowerCase() === 'timertrigger')
      startSchedule(hub, definition, againMs);
  }
}

function startSchedule(hub: Hub, definition: FunctionDefinition, againMs?: number): void {
  const cron = cronOf(definition);
  let known = { from: Infinity, next: Infinity };
  const nextAfter = (at: number): number => {
    if (at < known.from || at >= known.next) {
      known = { from: at, next: cron.nextRun(new Date(at))?.getTime() ?? Infinity };
    }
    return known.next;
  };

  let disarm = (): void => undefined;
  hub.life.addEventListener('abort', () => disarm(), { once: true });
  const arm = (due: number): void => {
    if (due === Infinity || hub.life.aborted) return;
    disarm = hub.clock.setTimer(due, () => {
      hub.clock.spawn(() => run(due), hub.life);
      if (againMs !== undefined) hub.clock.spawn(() => again(due, againMs), hub.life);
    });
  };
  const again = async (due: number, afterMs: number): Promise<void> => {
    await hub.clock.sleep(afterMs, hub.life).catch(() => undefined);
    const startedAt = hub.clock.now();
    if (hub.life.aborted) return;
    await runOnce(hub, definition, { due, startedAt, next: nextAfter(startedAt) });
  };
  // One run at a time; whatever falls due meanwhile is left out, as on the platform.
  const run = async (due: number): Promise<void> => {
    const startedAt = hub.clock.now();
    await runOnce(hub, definition, { due, startedAt, next: nextAfter(startedAt) });
    if (hub.life.aborted) return;
    const next = nextAfter(hub.clock.now());
    const kept = hub.commit({ by: 'schedule', instance: definition.name }, [
      { type: 'schedule', row: { name: definition.name, last: startedAt, next } },
    ]);
    if (kept) arm(next);
  };

  const now = hub.clock.now();
  const runOnStartup = definition.trigger['runOnStartup'] === true;
  // A run that fell due while the host was down is made up for, once.
  const missed = hub.store.schedule(definition.name)?.next;
  arm(runOnStartup ? now : missed !== undefined && missed < now ? missed : nextAfter(now));
}

interface Run {
  readonly due: number;
  readonly startedAt: number;
  readonly next: number;
}

async function runOnce(hub: Hub, definition: FunctionDefinition, run: Run): Promise<void> {
  hub.onHop('schedule');
  const last = new Date(hub.store.schedule(definition.name)?.last ?? 0).toISOString();
  const payload = {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: { Last: last, Next: new Date(run.next).toISOString(), LastUpdated: last },
    IsPastDue: run.startedAt - run.due > LATENESS,
  };
  const result = await hub.invoke({ definition, trigger: { json: JSON.stringify(payload) } });
  if (result.ok || hub.life.aborted) return;
  const { thrown } = result;
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  hub.log({ level: 'error', message: `Timer function '${definition.name}' failed: ${message}` });
}

function cronOf(definition: FunctionDefinition): Cron {
  const schedule = bindingText(definition.trigger, 'schedule') ?? '';
  try {
    return new Cron(schedule, { utcOffset: 0, paused: true });
  } catch (error) {
    throw new Error(
      `Timer function "${definition.name}": "${schedule}" is no NCRONTAB expression of five or six fields.`,
      { cause: error },
    );
  }
}
