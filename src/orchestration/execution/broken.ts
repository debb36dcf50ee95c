import { messageOf } from '../../core/errors.ts';
import { isTerminal } from '../../core/execution.ts';
import { whileContended } from '../../records/partition.ts';
import type { Deps } from '../deps.ts';
import { keepEvidence } from '../evidence.ts';
import { MOST_FAULTS, logFault, secondsAfterFault } from '../fault.ts';
import type { ExecutionNext } from '../next.ts';
import { tellOf } from '../notices/tell.ts';
import { RESUME, cancelChoices, pause } from './choices.ts';
import { openSheet } from './draft.ts';
import type { Sheet } from './draft.ts';

/** What is tried again although it keeps breaking: as often as an operator who mends it would want to see. */
const AGAIN_SECONDS = 15 * 60;

/**
 * Deciding what comes next broke on a bug: it is tried again a few times, later and later, and then the execution stands
 * still for a person. Drawn up without the plan, because opening that may be what broke.
 */
export async function broken(
  deps: Deps,
  executionId: string,
  error: unknown,
): Promise<ExecutionNext> {
  logFault(deps.log, `Execution ${executionId}`, error);
  return whileContended(5, async () => {
    const sheet = await openSheet(deps, executionId);
    // What follows from an end is done again by the orchestration, and then by the reaper.
    if (sheet === null || isTerminal(sheet.header().state)) throw error;
    const tries = (sheet.header().faults ?? 0) + 1;
    const message = messageOf(error);
    const seconds = tries < MOST_FAULTS ? secondsAfterFault(tries) : AGAIN_SECONDS;
    sheet.patch(
      { faults: tries < MOST_FAULTS ? tries : 0 },
      { type: 'fault-met', data: { tries, message } },
    );
    if (tries >= MOST_FAULTS) standStill(sheet, message);
    await sheet.commit();
    if (tries >= MOST_FAULTS) {
      await tellOf(deps, sheet.header());
      await keepEvidence(deps, executionId);
    }
    return { do: 'wait', seconds };
  });
}

function standStill(sheet: Sheet, message: string): void {
  refuseOrder(sheet, message);
  const { state } = sheet.header();
  if (state === 'requested' || state === 'preflight') {
    refuse(sheet, `It could not be checked, because Switchover itself broke: ${message}.`);
  } else if (state === 'running' || state === 'compensating') {
    const why = `Switchover itself broke on deciding what comes next: ${message}. Look before you go on.`;
    pause(sheet, { why }, [RESUME, ...cancelChoices(sheet.header())]);
  }
}

/** Orders are carried out before all else, so the first that waits is what broke. It must not stop the ones after it. */
function refuseOrder(sheet: Sheet, message: string): void {
  const { commandsDone } = sheet.header();
  const order = sheet.orders.find(({ sequence }) => sequence > commandsDone);
  if (order === undefined) return;
  const { sequence, command, step } = order;
  const why = `Switchover itself broke on it: ${message}`;
  sheet.patch(
    { commandsDone: sequence },
    {
      type: 'command-refused',
      data: { sequence, command, ...(step === undefined ? {} : { step }), why },
    },
  );
}

/** Nothing was changed yet, so nothing has to wait for a person. */
function refuse(sheet: Sheet, why: string): void {
  sheet.move('refused', 'preflight');
  sheet.patch(
    { endedAt: sheet.now, outcome: why },
    { type: 'execution-refused', data: { why, findings: [] } },
    { type: 'execution-ended', data: { state: 'refused', outcome: why } },
  );
}
