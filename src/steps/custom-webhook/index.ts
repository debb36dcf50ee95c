import type { Finding } from '../../core/finding.ts';
import type { StepContext, StepKind } from '../contract.ts';
import { motion } from './motion.ts';
import { settings } from './settings.ts';
import type { Request, Settings } from './settings.ts';

/** A guess: a receiver that has more to do says so with a status address. */
const TYPICAL_SECONDS = 10;

export const customWebhook: StepKind<Settings> = {
  uses: 'custom/webhook',
  summary: 'Asks something of your own by a signed HTTP request, follows it, and can ask it back.',
  settings,
  effect: 'changes',
  makesWritable: false,
  closesApplication: ({ closesApplication }) => closesApplication && 'at once',
  settleSeconds: 15,
  typicalSeconds: () => TYPICAL_SECONDS,
  // Whatever it changes is known to its receiver only.
  resources: () => [],
  permissions: () => [],
  describe: ({ url, closesApplication }) =>
    `Ask ${hostOf(url)} by webhook${closesApplication ? ' to close the application' : ''}.`,
  check: async (context, { secret }) => secretFindings(context, secret),
  forward: motion('forward', (_context, { url, body, observe }) => ({ url, body, observe })),
  undoSafety: ({ undo }) => (undo === undefined ? 'impossible' : 'safe'),
  undo: motion('undo', wayBack),
};

/** What was refused has changed nothing. */
function wayBack({ sentThere }: StepContext, { undo }: Settings): Request | null {
  const begun = sentThere.some(({ refused }) => refused !== true);
  return !begun || undo === undefined || undo === 'none' ? null : undo;
}

function secretFindings(context: StepContext, secret: string | undefined): readonly Finding[] {
  if (secret === undefined || context.secret(secret) !== null) return [];
  return [
    {
      severity: 'critical',
      resource: secret,
      problem: `the app setting ${secret}, with which the webhook is signed, is not set`,
      remedy: 'Set it to the key that the receiver knows.',
    },
  ];
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
