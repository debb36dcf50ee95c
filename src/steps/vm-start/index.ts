import { resourceName } from '../../core/resource-id.ts';
import type { StepKind } from '../contract.ts';
import { check } from '../machines/check.ts';
import { started } from '../machines/foresee.ts';
import { machineRights } from '../machines/rights.ts';
import { settings } from '../machines/settings.ts';
import type { Settings } from '../machines/settings.ts';
import { powerIn } from '../machines/sight.ts';
import { starting } from '../machines/starting.ts';
import { stopping } from '../machines/stopping.ts';

export const vmStart: StepKind<Settings> = {
  uses: 'vm/start',
  summary: 'Starts virtual machines, all at once.',
  settings,
  effect: 'changes',
  // What runs on them may write: the old side must have stopped before.
  makesWritable: true,
  settleSeconds: 60,
  typicalSeconds: () => 5,
  resources: ({ machines }) => machines,
  permissions: ({ machines }) => machineRights(machines),
  describe: ({ machines }) => `Start ${machines.map(resourceName).join(', ')}.`,
  check,
  foresee: started,
  forward: starting((_context, { machines }) => machines),
  undoSafety: () => 'safe',
  undo: stopping(({ before }, { machines }) =>
    machines.filter((id) => ['deallocated', 'stopped'].includes(powerIn(before, id) ?? '')),
  ),
};
