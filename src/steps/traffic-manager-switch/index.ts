import { resourceName } from '../../core/resource-id.ts';
import type { StepKind } from '../contract.ts';
import { check } from './check.ts';
import { foresee } from './foresee.ts';
import { forward } from './forward.ts';
import { settings } from './settings.ts';
import type { Settings } from './settings.ts';
import { undo } from './undo.ts';

export const trafficManagerSwitch: StepKind<Settings> = {
  uses: 'traffic-manager/switch',
  summary: 'Points a Traffic Manager profile at the other endpoint, once its site is ready.',
  settings,
  effect: 'changes',
  makesWritable: false,
  closesApplication: ({ part }) => part === 'close' && 'by name',
  // A write takes a second; what is not read back after this long was not written.
  settleSeconds: 15,
  typicalSeconds: ({ part }) => (part === 'close' ? 15 : 5),
  resources: ({ profile }) => [profile],
  permissions: ({ profile }) => [
    { action: 'Microsoft.Network/trafficManagerProfiles/read', scope: profile },
    ...['azureEndpoints', 'externalEndpoints', 'nestedEndpoints'].flatMap((type) =>
      ['read', 'write'].map((right) => ({
        action: `Microsoft.Network/trafficManagerProfiles/${type}/${right}`,
        scope: profile,
      })),
    ),
  ],
  describe: ({ profile, control, part, from, to }) => {
    const name = resourceName(profile);
    if (part === 'close') return `Close the application: disable ${from} in ${name}.`;
    return control === 'automatic'
      ? `Wait until ${name} has moved to ${to} by itself, then disable ${from}.`
      : `Point ${name} at ${to} once it is ready, then disable ${from}.`;
  },
  check,
  foresee,
  forward,
  undoSafety: () => 'safe',
  undo,
};
