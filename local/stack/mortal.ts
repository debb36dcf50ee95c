import { mortalClock } from '../clock/mortal.ts';
import type { Platform } from '../../src/platform.ts';

/**
 * The platform of an app instance that can be killed. After `life` is aborted nothing that was in flight goes on:
 * no call begins, and no answer is heard. What had arrived by then stays done, as when a process dies.
 */
export function mortalPlatform(platform: Platform, life: AbortSignal): Platform {
  const { tables, blobs, dns, http, probes } = platform;
  const until = <A extends unknown[], T>(call: (...given: A) => Promise<T>) => {
    return async (...given: A): Promise<T> => {
      if (isOver(life)) return never();
      try {
        return await call(...given);
      } finally {
        if (isOver(life)) await never();
      }
    };
  };
  return {
    ...platform,
    clock: mortalClock(platform.clock, life),
    tables: {
      get: until((...given) => tables.get(...given)),
      query: until((...given) => tables.query(...given)),
      write: until((...given) => tables.write(...given)),
    },
    blobs: {
      get: until((...given) => blobs.get(...given)),
      put: until((...given) => blobs.put(...given)),
      create: until((...given) => blobs.create(...given)),
      list: until((...given) => blobs.list(...given)),
    },
    dns: {
      resolve: until((...given) => dns.resolve(...given)),
      alias: until((...given) => dns.alias(...given)),
    },
    http: { sendRequest: until((request) => http.sendRequest(request)) },
    probes: { sendRequest: until((request) => probes.sendRequest(request)) },
  };
}

function isOver(life: AbortSignal): boolean {
  return life.aborted;
}

function never(): Promise<never> {
  return new Promise<never>(() => undefined);
}
