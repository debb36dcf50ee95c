import { instant, type Instant } from '../../../src/core/clock.ts';
import type { Lookup, World } from '../service.ts';
import type { Row } from '../sql/replica.ts';
import type { Cafe, CafeSeed, Served } from './cafe.ts';
import type { CafeRequest } from './pages.ts';

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
  /** As a client would: through the name, as DNS gives it. `remembered` clients hold addresses until their TTL. */
  request(
    name: string,
    port: number,
    secure: boolean,
    request: CafeRequest,
  ): Served | 'unknown-name';
  report(contents: readonly Row[]): CafeReport;
}

/** Clients that order a coffee every few seconds, and remember what they were promised. */
export function createCafeClients(
  world: World,
  cafe: Cafe,
  lookup: Lookup,
  seed: CafeSeed,
): CafeClients {
  const ledger: { id: number; name: string; at: number }[] = [];
  const failures: number[] = [];
  const served = new Map<string, number>();
  let remembered: { address: string; until: number } | null = null;
  let orders = 0;

  const request: CafeClients['request'] = (name, port, secure, asked) => {
    const found = lookup(name);
    return found === null ? 'unknown-name' : note(cafe.answer(found.address, port, secure, asked));
  };
  const note = (outcome: Served): Served => {
    if (outcome.is !== 'answer' || outcome.response.status >= 400) return outcome;
    served.set(outcome.site, (served.get(outcome.site) ?? 0) + 1);
    const { status, body } = outcome.response;
    if (status !== 201 || typeof body !== 'object' || body === null) return outcome;
    if ('id' in body && 'name' in body) {
      ledger.push({ id: Number(body.id), name: String(body.name), at: world.clock.now() });
    }
    return outcome;
  };
  const resolve = (): string | null => {
    const now = world.clock.now();
    if (remembered !== null && remembered.until > now) return remembered.address;
    const found = lookup(seed.publicName);
    remembered = found && { address: found.address, until: now + found.ttlSeconds * 1000 };
    return found?.address ?? null;
  };
  const order = (): void => {
    world.after(seed.clientSeconds, order);
    orders += 1;
    const body = JSON.stringify({ name: `Order ${orders}`, price: 3 });
    const address = resolve();
    const path = '/websphere-cafe/rest/coffees';
    const outcome =
      address === null
        ? null
        : note(cafe.answer(address, 80, false, { method: 'POST', path, body }));
    if (outcome?.is !== 'answer' || outcome.response.status !== 201)
      failures.push(world.clock.now());
  };
  if (seed.clientSeconds > 0) world.after(seed.clientSeconds, order);

  return {
    request,
    report: (contents) => {
      const kept = new Set(contents.map(({ id, name }) => `${id} ${name}`));
      const lost = ledger.filter(({ id, name }) => !kept.has(`${id} ${name}`));
      return {
        acknowledged: ledger.length,
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
