import type { Clock } from '../core/clock.ts';
import type { Server } from './server.ts';
import type { Terminal } from './terminal.ts';

/** What a command may use. */
export interface CliContext {
  readonly terminal: Terminal;
  /** Fails with the settings that are missing: offline commands need none. */
  readonly server: () => Server;
  readonly clock: Clock;
  /** Null when there is no such file. */
  readonly readFile: (path: string) => Promise<string | null>;
  readonly writeFile: (path: string, text: string) => Promise<void>;
}
