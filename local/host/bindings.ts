import type { FunctionDefinition } from './functions/registrations.ts';

const TRIGGERS = ['httptrigger', 'timertrigger', 'orchestrationtrigger', 'activitytrigger'];
const INPUTS = ['durableclient', 'orchestrationclient'];
const OUTPUTS = ['http'];

/** Refuses, by name, what the local host does not run: better at start than at the first use. */
export function refuseUnknownBindings(functions: readonly FunctionDefinition[]): void {
  for (const { name, bindings, triggerName, trigger } of functions) {
    require(name, 'trigger', trigger.type, TRIGGERS);
    for (const [key, binding] of Object.entries(bindings)) {
      if (key === triggerName) continue;
      const [what, known] =
        binding.direction === 'out' ? (['output', OUTPUTS] as const) : (['input', INPUTS] as const);
      require(name, what, binding.type, known);
    }
  }
}

function require(name: string, what: string, type: string, known: readonly string[]): void {
  if (known.includes(type.toLowerCase())) return;
  throw new Error(
    `Function "${name}": the local host does not run the ${what} binding "${type}". It knows ${known.join(', ')}.`,
  );
}
