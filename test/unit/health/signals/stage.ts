import type { AzureAccess } from '../../../../src/azure/access.ts';
import { instant } from '../../../../src/core/clock.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { Look } from '../../../../src/health/look.ts';
import { readSignals } from '../../../../src/health/signals/read.ts';
import type { Through, Wanted } from '../../../../src/health/signals/source.ts';
import { signalSettings } from '../../../../src/plan/signals.ts';
import type { WatchedSignal } from '../../../../src/plan/signals.ts';
import type { SignalKind } from '../../../../src/plan/watch.ts';
import { createVirtualClock } from '../../../../local/clock/virtual.ts';
import { createFakeAzure } from '../../../fakes/azure.ts';
import type { FakeAzure } from '../../../fakes/azure.ts';
import { pages, START } from '../../../fakes/step.ts';

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111';
export const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/cafe`;
export const NOW = instant(START);

/** A signal as a plan would have it, its defaults filled in. */
export function wanted(
  uses: SignalKind,
  settings: JsonObject,
  plan = 'cafe',
  site = 'east',
): Wanted {
  const signal = { id: uses, uses, with: signalSettings[uses].parse(settings) } as WatchedSignal;
  return { plan, site, signal };
}

export interface Stage {
  readonly azure: FakeAzure;
  /** What takes the place of the fake's own ports. */
  readonly ports?: Partial<AzureAccess>;
  readonly through?: Partial<Through>;
}

/** Reads on virtual time, so that a read that hangs costs none. */
export async function looks(
  ask: readonly Wanted[],
  { azure = createFakeAzure(), ports = {}, through = {} }: Partial<Stage> = {},
): Promise<readonly Look[]> {
  const clock = createVirtualClock({ start: START });
  return clock.run(() =>
    readSignals(
      {
        azure: { ...azure.access, ...ports },
        http: pages(() => null),
        clock,
        planStates: { lag: async () => null },
        alerts: { since: async () => [] },
        ...through,
      },
      ask,
    ),
  );
}

/** What a person would read of them. */
export function words(seen: readonly Look[]): readonly string[] {
  return seen.map(({ judges, as, sees }) => `${judges} ${as}: ${sees}`);
}
