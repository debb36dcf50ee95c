import { z } from 'zod';
import { EXECUTION_STATES } from '../src/core/execution.ts';
import type { ExecutionState } from '../src/core/execution.ts';
import type { ExecutionSummary } from '../src/functions/services.ts';

/**
 * Asks an app, before another version is deployed in its place, whether an execution acts: `node packaging/nothing-runs.ts
 * URL`, with a token in SWITCHOVER_TOKEN. Ends with 0 when none does, with 3 when one does, with 1 when nobody can tell.
 * Executions that wait for people do not stand in the way: the version that mends what they stumbled over must get in.
 */
const ACTING = [
  'requested',
  'preflight',
  'running',
  'compensating',
] as const satisfies readonly ExecutionState[];
const TIMEOUT_MS = 30_000;
const WANTED: Readonly<Record<number, string>> = {
  401: '; SWITCHOVER_TOKEN holds no token that it takes',
  403: '; whoever the token is of needs the app role Viewer',
};

/** What is read of the app's answer, as the app itself declares it. */
type Acting = readonly Pick<ExecutionSummary, 'id' | 'plan' | 'state'>[];
const list: z.ZodType<{ readonly executions: Acting }> = z.object({
  executions: z.array(
    z.object({ id: z.string(), plan: z.string(), state: z.enum(EXECUTION_STATES) }),
  ),
});

async function inState(url: string, state: ExecutionState): Promise<Acting> {
  const answer = await fetch(new URL(`/api/executions?state=${state}`, url), {
    headers: { authorization: `Bearer ${process.env['SWITCHOVER_TOKEN'] ?? ''}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Error(`${url} cannot be reached`, { cause: error });
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}${WANTED[answer.status] ?? ''}`);
  return list.parse(await answer.json()).executions;
}

const [url = ''] = process.argv.slice(2);
try {
  if (!URL.canParse(url)) throw new Error(`"${url}" is no address; the app's is wanted, https://…`);
  const acting = (await Promise.all(ACTING.map((state) => inState(url, state)))).flat();
  for (const { id, plan, state } of acting)
    console.error(`Execution ${id} of ${plan} is ${state}: deploy when it has ended, or pause it.`);
  if (acting.length === 0) console.log('No execution acts.');
  else process.exitCode = 3;
} catch (error) {
  const why = error instanceof Error ? error.message : String(error);
  console.error(`Cannot tell whether an execution acts: ${why}. Nothing was deployed.`);
  process.exitCode = 1;
}
