import { instant } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { SIGNAL_DOMAINS } from '../../plan/watch.ts';
import type { SignalKind } from '../../plan/watch.ts';
import type { Look } from '../look.ts';
import { alert } from './alert.ts';
import { http } from './http.ts';
import { logs } from './logs.ts';
import { metric } from './metric.ts';
import { resourceHealth } from './resource-health.ts';
import { siteRecovery } from './site-recovery.ts';
import type { Reader, Seen, SignalSource, Through, Wanted } from './source.ts';
import { sql } from './sql.ts';
import { trafficManager } from './traffic-manager.ts';

/** A tick is 30 s, and reads twice when its probes make it suspicious. */
const SECONDS = 13;

const SOURCES: { readonly [K in SignalKind]: SignalSource<K> } = {
  http,
  'traffic-manager': trafficManager,
  metric,
  logs,
  sql,
  'resource-health': resourceHealth,
  'site-recovery': siteRecovery,
  alert,
};

/** Asked at every tick, or only every few minutes and when something is suspected. */
export function isDear(kind: SignalKind): boolean {
  return SOURCES[kind].isDear;
}

/**
 * What every signal sees, of all plans together: what several of them need is read once. Trouble with one source makes
 * its own looks unclear and says why; it never throws. A signal may give two looks at one site, one of each `judges`.
 */
export async function readSignals(
  through: Through,
  wanted: readonly Wanted[],
): Promise<readonly Look[]> {
  const reader: Reader = { ...through, until: through.clock.now() + SECONDS * 1000 };
  const looks = await Promise.all([
    readKind(reader, 'http', wanted),
    readKind(reader, 'traffic-manager', wanted),
    readKind(reader, 'metric', wanted),
    readKind(reader, 'logs', wanted),
    readKind(reader, 'sql', wanted),
    readKind(reader, 'resource-health', wanted),
    readKind(reader, 'site-recovery', wanted),
    readKind(reader, 'alert', wanted),
  ]);
  return looks.flat();
}

async function readKind<K extends SignalKind>(
  reader: Reader,
  kind: K,
  wanted: readonly Wanted[],
): Promise<readonly Look[]> {
  const own = wanted.filter((one): one is Wanted<K> => one.signal.uses === kind);
  if (own.length === 0) return [];
  const source: SignalSource<K> = SOURCES[kind];
  const seen = await source.read(reader, own).catch((error: unknown) => nothing(own, error));
  const now = instant(reader.clock.now());
  return seen.map(({ of: { plan, site, signal }, ...said }) => ({
    plan,
    signal: signal.id,
    site,
    domain: SIGNAL_DOMAINS[kind],
    judges: 'health',
    at: now,
    ...said,
  }));
}

function nothing(wanted: readonly Wanted[], error: unknown): readonly Seen[] {
  return wanted.map((one) => ({ of: one, as: 'unclear', silent: true, sees: messageOf(error) }));
}
