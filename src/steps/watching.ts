import type { Motion, StepContext, Verification } from './contract.ts';

/** The way of a kind that changes nothing: there is nothing to send, only something to prove. */
export function watching<S>(
  verify: (context: StepContext, settings: S) => Promise<Verification>,
): Motion<S> {
  return {
    observe: async () => ({
      goal: 'met',
      sentence: 'Nothing is to be done but to prove it.',
      facts: {},
    }),
    act: async () => [],
    poll: async (_context, _settings, operation) => ({
      is: 'done',
      sentence: `${operation.name} is not this step's.`,
    }),
    verify,
  };
}
