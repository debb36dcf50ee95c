import type { Motion, StepKind } from './contract.ts';

/** A step kind whose settings' type is its own affair: whatever it is given, it parses first. */
export type AnyStepKind = StepKind<unknown>;

export function erased<S>(kind: StepKind<S>): AnyStepKind {
  const parse = (raw: unknown): S => kind.settings.parse(raw);
  const motion = (one: Motion<S>): Motion<unknown> => ({
    observe: async (context, raw) => one.observe(context, parse(raw)),
    act: async (context, raw, seen) => one.act(context, parse(raw), seen),
    poll: async (context, raw, operation) => one.poll(context, parse(raw), operation),
    verify: async (context, raw) => one.verify(context, parse(raw)),
  });
  const { closesApplication, onlyReads, foresee, undo, ...facts } = kind;
  return {
    ...facts,
    typicalSeconds: (raw) => kind.typicalSeconds(parse(raw)),
    resources: (raw) => kind.resources(parse(raw)),
    permissions: (raw) => kind.permissions(parse(raw)),
    describe: (raw, execution) => kind.describe(parse(raw), execution),
    check: async (context, raw) => kind.check(context, parse(raw)),
    forward: motion(kind.forward),
    undoSafety: (raw, mode) => kind.undoSafety(parse(raw), mode),
    ...(closesApplication === undefined
      ? {}
      : { closesApplication: (raw) => closesApplication(parse(raw)) }),
    ...(onlyReads === undefined ? {} : { onlyReads: (raw) => onlyReads(parse(raw)) }),
    ...(foresee === undefined
      ? {}
      : { foresee: async (context, raw) => foresee(context, parse(raw)) }),
    ...(undo === undefined ? {} : { undo: motion(undo) }),
  };
}
