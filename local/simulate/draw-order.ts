import { COMMANDS } from '../../src/core/execution.ts';
import type { Dice } from './dice.ts';
import type { HappeningOf } from './happenings.ts';

const [FIRST, ...REST] = COMMANDS;

/** What somebody clicks, allowed or not, sensible or not. */
export function drawOrder(chance: Dice): Omit<HappeningOf<'order'>, 'at'> {
  const command = chance.one([FIRST, ...REST, 'pause', 'cancel', 'cancel']);
  return {
    do: 'order',
    as: chance.one(['operator', 'operator', 'operator', 'approver', 'automation', 'viewer']),
    command,
    step:
      command === 'skip' || (command === 'retry' && chance.chance(0.5))
        ? chance.one(['database', 'machines', 'traffic', 'close-endpoint', 'nonsense'])
        : null,
    accept: command === 'accept' ? chance.one(['data-loss', 'presumed-fence']) : null,
    then: command === 'cancel' ? chance.one(['compensate', 'stay']) : null,
  };
}
