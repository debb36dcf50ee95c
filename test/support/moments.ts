import type { EventType } from '../../src/core/events.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';

export interface Moment {
  readonly type: EventType;
  readonly step?: string;
}

/** Does something once, at the moment at which the first such event is recorded: between two writes of the app. */
export function atEvent(stack: VirtualStack, moment: Moment, act: () => void): void {
  const stop = stack.tables.onWrite({
    after({ table, changes }) {
      if (table !== 'executions') return;
      const found = changes.some(
        (change) => 'value' in change && isOf(change.row, change.value, moment),
      );
      if (!found) return;
      stop();
      act();
    },
  });
}

function isOf(
  row: string,
  value: Readonly<Record<string, unknown>>,
  { type, step }: Moment,
): boolean {
  const stream = step === undefined ? 'event~' : `event~step:${step}~`;
  return row.startsWith(stream) && value['type'] === type;
}

/** The same, and then time passes until it has happened. */
export async function untilEvent(
  stack: VirtualStack,
  moment: Moment,
  act: () => void = () => undefined,
): Promise<void> {
  let happened = false;
  atEvent(stack, moment, () => {
    happened = true;
    act();
  });
  await stack.clock.run(async () => {
    for (let seconds = 0; !happened; seconds += 1) {
      if (seconds > 7_200) throw new Error(`${JSON.stringify(moment)} did not happen within 2 h.`);
      await stack.clock.sleep(1_000);
    }
  });
}
