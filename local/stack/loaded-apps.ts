import type { Platform } from '../../src/platform.ts';
import { createFunctionApp } from '../host/functions/registrations.ts';
import type { FunctionApp } from '../host/functions/registrations.ts';

interface LoadedApp {
  readonly app: FunctionApp;
  platform: (() => Platform) | null;
}

/** @azure/functions keeps the host that it first spoke to, so a bundle that was loaded once is used by one host after another. */
const loaded = new Map<string, LoadedApp>();

/** The app of a bundle, to be started on `platform` (made anew at each start). Two at a time need two copies: `?instance=2`. */
export function loadedApp(bundle: URL, platform: () => Platform): FunctionApp {
  const known = loaded.get(bundle.href) ?? load(bundle);
  known.platform = platform;
  return known.app;
}

function load(bundle: URL): LoadedApp {
  const fresh: LoadedApp = {
    platform: null,
    app: createFunctionApp(
      async () => {
        const compiled = (await import(bundle.href)) as { start(platform: Platform): void };
        if (fresh.platform === null) throw new Error(`${bundle.href} has no platform to start on.`);
        compiled.start(fresh.platform());
      },
      () => undefined,
    ),
  };
  loaded.set(bundle.href, fresh);
  return fresh;
}
