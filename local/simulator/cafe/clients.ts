import { instant, type Instant } from '../../../src/core/clock.ts';
import type { Lookup, World } from '../service.ts';
import type { Row } from '../sql/replica.ts';
import type { Cafe, CafeSeed, Served } from './cafe.ts';
import { COFFEES, coffee, type CafeRequest } from './pages.ts';

/** What the café's clients have lived through: the measure of a failover, taken from outside. */
export interface CafeReport {
  readonly acknowledged: number;
  readonly lost: number;
  /** When the first lost coffee was acknowledged; null when none is lost. */
  readonly firstLostAt: Instant | null;
  readonly lastLostAt: Instant | null;
  /** Orders that got no 201. */
  readonly failed: number;
  readonly firstFailureAt: Instant | null;
  readonly lastFailureAt: Instant | null;
  /** Good answers by site. */
  readonly served: Readonly<Record<string, number>>;
}

export interface CafeClients {
  /** As a client would: through the name, as DNS gives it. */
  request(
    name: string,
    port: number,
    secure: boolean,
    request: CafeRequest,
  ): Served | 'unknown-name';
  /** Counts an answer that reached its client, and remembers what it promised. */
  hear(outcome: Served): Served;
  report(contents: readonly Row[]): CafeReport;
}

/** Clients that order a coffee every few seconds, and remember what they were promised. */
export function createCafeClients(
  world: World,
  cafe: Cafe,
  lookup: Lookup,
  seed: CafeSeed,
): CafeClients {
  const ledger = createLedger(() => world.clock.now());
  let orders = 0;
  const request: CafeClients['request'] = (name, port, secure, asked) => {
    const address = lookup(name);
    return address === null ? 'unknown-name' : cafe.answer(address, port, secure, asked);
  };
  const order = (): void => {
    world.after(seed.clientSeconds, order);
    orders += 1;
    const body = JSON.stringify({ name: `Order ${orders}`, price: 3 });
    const outcome = request(seed.publicName, 80, false, { method: 'POST', path: COFFEES, body });
    const heard = outcome === 'unknown-name' ? null : ledger.hear(outcome);
    if (heard?.is !== 'answer' || heard.response.status !== 201) ledger.fail();
  };
  if (seed.clientSeconds > 0) world.after(seed.clientSeconds, order);
  return { request, hear: ledger.hear, report: ledger.report };
}

interface Ledger {
  readonly hear: (outcome: Served) => Served;
  readonly fail: () => void;
  readonly report: (contents: readonly Row[]) => CafeReport;
}

function createLedger(now: () => number): Ledger {
  const promises: { readonly coffee: string; readonly at: number }[] = [];
  const failures: number[] = [];
  const served = new Map<string, number>();
  return {
    hear: (outcome) => {
      if (outcome.is !== 'answer' || outcome.response.status >= 400) return outcome;
      const { site, response } = outcome;
      served.set(site, (served.get(site) ?? 0) + 1);
      if (response.status === 201) {
        promises.push({ coffee: JSON.stringify(response.body), at: now() });
      }
      return outcome;
    },
    fail: () => void failures.push(now()),
    report: (contents) => {
      const kept = new Set(contents.map((row) => JSON.stringify(coffee(row))));
      const lost = promises.filter((promise) => !kept.has(promise.coffee));
      return {
        acknowledged: promises.length,
        lost: lost.length,
        firstLostAt: when(lost[0]?.at),
        lastLostAt: when(lost.at(-1)?.at),
        failed: failures.length,
        firstFailureAt: when(failures[0]),
        lastFailureAt: when(failures.at(-1)),
        served: Object.fromEntries(served),
      };
    },
  };
}

function when(at: number | undefined): Instant | null {
  return at === undefined ? null : instant(at);
}
