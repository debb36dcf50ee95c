import { registerApp } from '../src/app.ts';
import type { Platform } from '../src/platform.ts';
import { forgetIdentity } from './stack/fresh-identity.ts';

/** The same app as src/main.ts on the platform that the local stack made. This file is all that differs. */
export function start(platform: Platform): void {
  forgetIdentity();
  registerApp(platform);
}
