import type { Arm } from './arm.ts';
import type { Clients } from './clients.ts';
import type { Read } from './read.ts';

/** What the ports are made of. */
export interface Parts {
  readonly arm: Arm;
  readonly clients: Clients;
  readonly read: Read;
}
