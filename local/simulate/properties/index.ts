import type { Run } from '../run.ts';
import { approvals } from './approvals.ts';
import { calls } from './calls.ts';
import { drills } from './drills.ts';
import { ends } from './ends.ts';
import { evidenceOfFailure } from './evidence-of-failure.ts';
import { evidence } from './evidence.ts';
import { fencing } from './fencing.ts';
import { health } from './health.ts';
import { loss } from './loss.ts';
import { noticed } from './noticed.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Property, Violation } from './property.ts';
import { reading } from './reading.ts';
import { stages } from './stages.ts';
import { silence } from './silence.ts';
import { sacrifice } from './sacrifice.ts';
import { starts } from './starts.ts';
import { stillness } from './stillness.ts';
import { token } from './token.ts';
import { traffic } from './traffic.ts';
import { undo } from './undo.ts';
import { validations } from './validations.ts';
import { withheld } from './withheld.ts';

export const PROPERTIES: readonly Property[] = [
  fencing,
  traffic,
  stillness,
  oneAtATime,
  calls,
  undo,
  drills,
  evidence,
  reading,
  starts,
  token,
  loss,
  sacrifice,
  ends,
  health,
  approvals,
  evidenceOfFailure,
  withheld,
  noticed,
  stages,
  validations,
  silence,
];

export interface Broken extends Violation {
  readonly property: string;
}

export function judge(run: Run): readonly Broken[] {
  return PROPERTIES.flatMap((property) =>
    property.broken(run).map((violation) => ({ property: property.name, ...violation })),
  );
}
