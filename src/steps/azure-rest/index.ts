import { parseResourceId } from '../../core/resource-id.ts';
import type { Finding } from '../../core/finding.ts';
import type { StepContext, StepKind } from '../contract.ts';
import { secondsOf } from '../schema.ts';
import { ask } from './expression.ts';
import { motion } from './motion.ts';
import { settings } from './settings.ts';
import type { Settings } from './settings.ts';

export const azureRest: StepKind<Settings> = {
  uses: 'azure/rest',
  summary:
    'Any operation of Azure Resource Manager, with what tells that it is done as expressions.',
  settings,
  effect: 'changes',
  makesWritable: false,
  settleSeconds: 60,
  typicalSeconds: ({ typical }) => secondsOf(typical),
  resources: ({ path }) => [resourceOf(path)],
  permissions: ({ path, permissions }) =>
    permissions.map((action) => ({ action, scope: resourceOf(path) })),
  describe: ({ method, path }) => `${method} ${path}.`,
  check: async (context, given) => [
    ...(await findings(context, given, 'met')),
    ...(await findings(context, given, 'moving')),
  ],
  forward: motion((_context, given) => ({ operation: given, verify: given.verify })),
  undoSafety: ({ undo }) =>
    undo === undefined ? 'impossible' : undo === 'none' ? 'safe' : undo.safety,
  undo: motion(({ sentThere }, { undo }) => {
    const begun = sentThere.some(({ refused }) => refused !== true);
    return !begun || undo === undefined || undo === 'none' ? null : { operation: undo, verify: {} };
  }),
};

/** What is observed can be read, and the expression fits it: better known at rest than in the dark. */
async function findings(
  context: StepContext,
  { observe }: Settings,
  which: 'met' | 'moving',
): Promise<readonly Finding[]> {
  const expression = observe[which];
  if (expression === undefined) return [];
  const answer = ask(expression, await context.azure.rest.get(observe.path, observe.apiVersion));
  if (!('trouble' in answer)) return [];
  return [
    {
      severity: 'critical',
      resource: observe.path,
      problem: `observe.${which} does not fit what is answered: ${answer.trouble}`,
      remedy: 'Correct the expression; try it with az rest and --query.',
    },
  ];
}

/** The resource without the action behind it: `…/virtualMachines/vm/deallocate` is about the machine. */
function resourceOf(path: string): string {
  return parseResourceId(path) === null && parseResourceId(parent(path)) !== null
    ? parent(path)
    : path;
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
