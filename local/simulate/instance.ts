import { RowConflict, withPrefix } from '../../src/records/tables.ts';
import type { CrashPoint } from '../host/durable/hub.ts';
import type { VirtualStack } from '../stack/virtual-stack.ts';
import type { Death, HappeningOf } from './happenings.ts';

/** The app's instance as the platform treats it: it dies and is started again. */
export interface Instance {
  readonly isUp: boolean;
  /** When it was down. */
  readonly absences: readonly Absence[];
  die(death: Death): void;
  /** Called by the host before each write to its durable store. */
  readonly crashPoint: (point: CrashPoint) => void;
}

export interface Absence {
  readonly from: number;
  readonly until: number;
}

interface Doom {
  left: number;
  readonly death: Death;
}

export function createInstance(stack: () => VirtualStack): Instance {
  let up = true;
  const absences: Absence[] = [];
  let atWrite: Doom | null = null;
  let atCommit: Doom | null = null;
  let watched = false;

  const end = (death: Death): void => {
    if (!up) return;
    up = false;
    const { clock, host } = stack();
    if (death.lingers) host.kill();
    else stack().crash();
    const from = clock.now();
    const until = from + death.downSeconds * 1_000;
    absences.push({ from, until });
    clock.setTimer(until, () =>
      clock.spawn(async () => {
        await host.start();
        up = true;
      }),
    );
  };
  const isDue = (doom: Doom | null): doom is Doom => {
    if (doom === null) return false;
    doom.left -= 1;
    return doom.left <= 0;
  };
  const watchWrites = (): void => {
    if (watched) return;
    watched = true;
    stack().tables.onWrite({
      before() {
        if (!isDue(atWrite)) return;
        const { death } = atWrite;
        atWrite = null;
        end(death);
        if (!death.lingers) throw new Error('The instance died before this write arrived.');
      },
    });
  };
  return {
    get isUp() {
      return up;
    },
    absences,
    die(death) {
      if (death.where === 'here') end(death);
      if (death.where === 'commit') atCommit = { left: death.nth, death };
      if (death.where === 'write') {
        watchWrites();
        atWrite = { left: death.nth, death };
      }
    },
    crashPoint() {
      if (!isDue(atCommit)) return;
      const { death } = atCommit;
      atCommit = null;
      end(death);
    },
  };
}

/** The state store fails: nothing arrives, or no answer comes back, or somebody else is said to have been faster. */
export function failStore(
  { tables, clock }: VirtualStack,
  { how, writes, seconds }: HappeningOf<'store'>,
): void {
  let left = writes;
  const until = clock.now() + seconds * 1_000;
  const isDown = (): boolean => {
    if (left <= 0 || clock.now() > until) {
      stop();
      return false;
    }
    left -= 1;
    return true;
  };
  const stop = tables.onWrite({
    before({ table, partition, changes }) {
      if (how === 'lose-answer' || !isDown()) return;
      if (how === 'refuse') throw new Error('The state store does not answer.');
      throw new RowConflict(table, partition, changes[0]?.row ?? '');
    },
    after() {
      if (how === 'lose-answer' && isDown())
        throw new Error('The answer of the state store is lost.');
    },
  });
}

/** Past every rule, as somebody with write access to the tables could: who held it must notice before the next call. */
export async function stealLock({ tables }: VirtualStack): Promise<void> {
  const rows = await tables.query('locks', 'locks', withPrefix('plan~'));
  const held = rows.find(({ value }) => value['holder'] !== null);
  if (held === undefined) return;
  const token = Number(held.value['token']) + 1;
  await tables.write('locks', 'locks', [
    { do: 'put', row: held.key, value: { ...held.value, holder: 'somebody-else', token } },
  ]);
}
