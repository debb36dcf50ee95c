import type { StepKind } from '../contract.ts';
import { watching } from '../watching.ts';
import { play } from './script.ts';
import { settings } from './settings.ts';
import type { Settings } from './settings.ts';

/** An application that comes up keeps everybody waiting, and bears being asked. */
const LOOK_SECONDS = 2;
/** A script that creates something is not repeated more often than this. */
const CREATING_LOOK_SECONDS = 30;

/**
 * The whole script is repeated until it succeeds or the step times out, so whatever it creates should be recognisable
 * by its content (`${execution.id}` in a name) and harmless if it is there more than once.
 */
export const validateHttp: StepKind<Settings> = {
  uses: 'validate/http',
  summary: 'Proves by scripted requests that the application works.',
  settings,
  effect: 'none',
  makesWritable: false,
  settleSeconds: 0,
  typicalSeconds: ({ requests }) => requests.length,
  resources: () => [],
  permissions: () => [],
  describe: ({ requests }) =>
    `Check the application: ${requests.map(({ name }) => name).join(', ')}.`,
  onlyReads: ({ requests }) =>
    requests.every(({ method }) => method === 'GET' || method === 'HEAD'),
  check: async () => [],
  forward: watching(async (context, script) => {
    const { outcomes, left } = await play(context, script);
    const failed = outcomes.find(({ problem }) => problem !== null);
    return failed === undefined
      ? {
          holds: true,
          sentence: `As expected: ${outcomes.map(({ name }) => name).join(', ')}.`,
          proof: { requests: outcomes.map(({ name, url, status }) => ({ name, url, status })) },
        }
      : {
          holds: false,
          sentence: `${failed.name} (${failed.url}): ${failed.problem ?? ''}.`,
          retryAfterSeconds: left ? CREATING_LOOK_SECONDS : LOOK_SECONDS,
        };
  }),
  undoSafety: () => 'safe',
};
