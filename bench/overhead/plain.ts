import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { createVirtualClock } from '../../local/clock/virtual.ts';
import { simulatorCredential } from '../../local/simulator/in-process.ts';
import type { Scenario } from '../../local/simulator/scenario.ts';
import { createVirtualWorld } from '../../local/stack/world.ts';
import { BUNDLE } from '../../packaging/app.ts';
import type { Clock } from '../../src/core/clock.ts';
import type * as script from './script.ts';

type Script = typeof script;

const START = Date.parse('2026-11-21T10:00:00Z');
/** As long as an app's world is let alone before the failover is asked for. */
const AT_REST_SECONDS = 190;

/** Timers and the time of day as the script and the SDKs in it see them. */
interface Time {
  clock: Clock;
  setTimeout: (callback: () => void, milliseconds?: number) => AbortController;
  clearTimeout: (timer: AbortController | undefined) => void;
  now: () => number;
}

const GIVEN_UP = new Error('Nobody waits for this any more.');

/** The script with the SDKs in one file, whose timers are those of a clock that can be virtual. */
export async function loadScript(): Promise<{ readonly script: Script; readonly time: Time }> {
  const outfile = join('dist', 'bench', 'script.js');
  await mkdir(join('dist', 'bench'), { recursive: true });
  await build({
    ...BUNDLE,
    entryPoints: ['bench/overhead/script.ts'],
    outfile,
    define: {
      ...BUNDLE.define,
      setTimeout: 'globalThis.benchTime.setTimeout',
      clearTimeout: 'globalThis.benchTime.clearTimeout',
      'Date.now': 'globalThis.benchTime.now',
    },
  });
  const time: Time = {
    clock: createVirtualClock({ start: START }),
    setTimeout: (callback, milliseconds = 0) => {
      const timer = new AbortController();
      void time.clock.sleep(milliseconds, timer.signal).then(callback, () => undefined);
      return timer;
    },
    clearTimeout: (timer) => timer?.abort(GIVEN_UP),
    now: () => time.clock.now(),
  };
  Object.assign(globalThis, { benchTime: time });
  return { script: (await import(join(process.cwd(), outfile))) as Script, time };
}

/** Runs a part of the script in a world of its own; the seconds that passed there. */
export async function timed(
  time: Time,
  { seed, scenario }: { readonly seed: number; readonly scenario?: Scenario },
  work: (reach: script.Reach) => Promise<void>,
): Promise<number> {
  const clock = createVirtualClock({ start: START });
  time.clock = clock;
  const world = createVirtualWorld({
    clock,
    seed,
    ...(scenario === undefined ? {} : { scenario }),
  });
  const reach = { http: world.platform.http, credential: simulatorCredential(world.simulator) };
  try {
    return await clock.run(async () => {
      await clock.sleep(AT_REST_SECONDS * 1000);
      const began = clock.now();
      await work(reach);
      return (clock.now() - began) / 1000;
    });
  } finally {
    world.simulator.stop();
    clock.stop();
  }
}
