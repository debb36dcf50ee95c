import type { JsonObject } from '../../core/json.ts';
import { resourceName } from '../../core/resource-id.ts';
import type { Motion, StepContext } from '../contract.ts';
import { followOperation, sentBy } from '../operation.ts';
import { ask } from './expression.ts';
import type { Operation, Settings } from './settings.ts';

const CALL = 'operation';
const LOOK_SECONDS = 10;

interface Way {
  readonly operation: Operation;
  /** More that must hold in the end, by name. */
  readonly verify: Settings['verify'];
}

interface Sight {
  readonly goal: 'met' | 'unmet' | 'moving';
  readonly sentence: string;
  readonly document: JsonObject | null;
  /** An expression that is neither true nor false: no retry would help. */
  readonly trouble: string | null;
}

/** One way of an operation; `wayOf` is null when nothing is to be sent on it. */
export function motion(
  wayOf: (context: StepContext, settings: Settings) => Way | null,
): Motion<Settings> {
  return {
    async observe(context, settings) {
      const way = wayOf(context, settings);
      if (way === null) return { goal: 'met', sentence: 'Nothing is to be undone.', facts: {} };
      const { goal, sentence } = await look(context, way.operation);
      return { goal, sentence, facts: {}, retryAfterSeconds: LOOK_SECONDS };
    },
    async act(context, settings) {
      const way = wayOf(context, settings);
      if (way === null) return [];
      const { trouble } = await look(context, way.operation);
      if (trouble !== null) {
        const message = `What ${way.operation.observe.path} answers does not fit the plan: ${trouble}. Correct the expression.`;
        return { refuse: { code: 'EXPRESSION_UNFIT', message } };
      }
      const { method, path, apiVersion, body } = way.operation;
      const change = { method, path, apiVersion, ...(body === undefined ? {} : { body }) };
      return [
        {
          name: CALL,
          sentence: `${method} ${path}`,
          send: async (signal) => sentBy(CALL, await context.azure.rest.change(change, signal)),
        },
      ];
    },
    poll: (context, _settings, operation) => followOperation(context, operation),
    async verify(context, settings) {
      const way = wayOf(context, settings);
      if (way === null)
        return { holds: true, sentence: 'Nothing is to be undone.', proof: { undone: 'nothing' } };
      const { goal, sentence, document } = await look(context, way.operation);
      const all = { met: way.operation.observe.met, ...way.verify };
      const failed = Object.entries(all).filter(([, text]) => {
        const answer = ask(text, document);
        return !('is' in answer) || !answer.is;
      });
      const retryAfterSeconds = LOOK_SECONDS;
      if (goal !== 'met') return { holds: false, sentence, retryAfterSeconds };
      if (failed.length > 0) {
        const names = failed.map(([name, text]) => `${name} (${text})`).join(', ');
        return { holds: false, sentence: `Not true yet: ${names}.`, retryAfterSeconds };
      }
      return { holds: true, sentence, proof: { path: way.operation.observe.path, holds: all } };
    },
  };
}

async function look(context: StepContext, { observe }: Operation): Promise<Sight> {
  const { path, apiVersion, met, moving } = observe;
  const document = await context.azure.rest.get(path, apiVersion);
  const done = ask(met, document);
  const runs = moving === undefined ? { is: false } : ask(moving, document);
  const name = resourceName(path);
  const trouble = 'trouble' in done ? done.trouble : 'trouble' in runs ? runs.trouble : null;
  if (trouble !== null) return { goal: 'unmet', sentence: `${trouble}.`, document, trouble };
  if ('is' in done && done.is)
    return { goal: 'met', sentence: `${met} holds of ${name}.`, document, trouble };
  if ('is' in runs && runs.is)
    return { goal: 'moving', sentence: `${name} is on its way.`, document, trouble };
  return { goal: 'unmet', sentence: `${met} does not hold of ${name}.`, document, trouble };
}
