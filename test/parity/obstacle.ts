import { ask } from './visitor.ts';
import type { Said } from './visitor.ts';
import type { Role, Target } from './target.ts';

/** Why the suite cannot be asked of this target, by the option that is to be mended; null when it can. */
export async function obstacle(target: Target): Promise<string | null> {
  return (await noApp(target)) ?? (await noSimulator(target)) ?? (await noPlan(target));
}

async function noApp(target: Target): Promise<string | null> {
  const health = await heard(() => ask(target, '/api/health'));
  if (typeof health !== 'string' && health.body['status'] === 'up') return null;
  return `--base-url ${target.url}: no app answers there (${inWords(health)}). npm start prints its address as "the app".`;
}

async function noSimulator({ control }: Target): Promise<string | null> {
  if (control === null) return null;
  const journal = await heard(async () => {
    const answer = await fetch(`${control}/journal`);
    return Array.isArray(await answer.json()) ? null : `HTTP ${answer.status}, no journal`;
  });
  if (journal === null) return null;
  return `--simulator ${control}: no simulated Azure answers at ${control}/journal (${journal}). It is the address of its controls up to /control, such as http://127.0.0.1:8403/control; npm start prints it as "the world's controls".`;
}

async function noPlan(target: Target): Promise<string | null> {
  const [as] = Object.keys(target.credentials) as Role[];
  const path = `/api/plans/${encodeURIComponent(target.plan)}`;
  const shown = await heard(() => ask(target, path, as === undefined ? {} : { as }));
  if (typeof shown !== 'string' && shown.status === 200) {
    const { home, active } = shown.body;
    if (active === home) return null;
    return `--plan ${target.plan}: it serves from ${String(active)}, and the suite moves it away from ${String(home)}. Fail it back first, or start a new stack.`;
  }
  const isStranger = typeof shown !== 'string' && [401, 403].includes(shown.status);
  return isStranger
    ? `--token-viewer, --token-operator … or --key: the app lets nobody in with what was given (${inWords(shown)}). npm start prints the tokens.`
    : `--plan ${target.plan}: the app does not show it (${inWords(shown)}).`;
}

/** What was answered, or why nothing was. */
async function heard<T>(asking: () => Promise<T>): Promise<T | string> {
  try {
    return await asking();
  } catch (error) {
    const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

function inWords(said: Said | string): string {
  if (typeof said === 'string') return said;
  const detail = said.body['detail'];
  return typeof detail === 'string' ? `HTTP ${said.status}: ${detail}` : `HTTP ${said.status}`;
}
