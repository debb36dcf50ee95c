import { sameResource } from '../../../src/core/resource-id.ts';
import type { World } from '../service.ts';
import type { MonitoringSeed, WebTest } from './seed.ts';

/** One run of a test by one of its locations. */
export interface WebTestRun {
  readonly at: number;
  readonly test: WebTest;
  readonly location: string;
  /** Null when nothing answered. */
  readonly status: number | null;
  readonly success: boolean;
}

/**
 * Runs each test from its locations in turn, spread over its interval. A failed run is not repeated at once, as the
 * real service can be told to. Of a component whose region is dead nothing is heard.
 */
export function runWebTests(
  world: World,
  { webTests, components }: MonitoringSeed,
  visit: (url: URL) => number | null,
  report: (run: WebTestRun) => void,
): void {
  const run = (test: WebTest, location: string): void => {
    world.after(test.everySeconds, () => run(test, location));
    const home = components.find(({ id }) => sameResource(id, test.componentId));
    if (home === undefined || world.outages.dead(home.region)) return;
    const status = visit(new URL(test.url));
    const success = status !== null && status >= 200 && status < 400;
    report({ at: world.clock.now(), test, location, status, success });
  };
  for (const test of webTests) {
    for (const [index, location] of test.locations.entries()) {
      const offset = ((index + 1) * test.everySeconds) / test.locations.length;
      world.after(offset, () => run(test, location));
    }
  }
}
