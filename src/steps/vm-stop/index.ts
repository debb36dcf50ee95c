import { resourceName } from '../../core/resource-id.ts';
import type { StepKind } from '../contract.ts';
import { check } from '../machines/check.ts';
import { stopped } from '../machines/foresee.ts';
import { machineRights } from '../machines/rights.ts';
import { settings } from '../machines/settings.ts';
import type { Settings } from '../machines/settings.ts';
import { powerIn } from '../machines/sight.ts';
import { starting } from '../machines/starting.ts';
import { stopping } from '../machines/stopping.ts';

export const vmStop: StepKind<Settings> = {
  uses: 'vm/stop',
  summary: 'Deallocates virtual machines, all at once.',
  settings,
  effect: 'changes',
  makesWritable: false,
  settleSeconds: 60,
  typicalSeconds: () => 31,
  resources: ({ machines }) => machines,
  permissions: ({ machines }) => machineRights(machines),
  describe: ({ machines }) => `Deallocate ${machines.map(resourceName).join(', ')}.`,
  check,
  foresee: stopped,
  forward: stopping((_context, { machines }) => machines),
  undoSafety: () => 'safe',
  undo: starting(({ before }, { machines }) =>
    machines.filter((id) => ['running', 'starting'].includes(powerIn(before, id) ?? '')),
  ),
};
