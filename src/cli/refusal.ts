import { z } from 'zod';
import { EXIT, Failure } from './failure.ts';

/** RFC 9457, as the app sends it; see src/functions/http/problem.ts. */
const problemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  instance: z.string().default(''),
  execution: z.string().optional(),
});
type Problem = z.infer<typeof problemSchema>;

/** What to do about a problem, by its code. */
const NEXT: Readonly<Record<string, (problem: Problem) => string>> = {
  PLAN_UNKNOWN: () => 'List the plans: switchover plans',
  PLAN_INVALID: () => 'Check the file: switchover plan validate FILE',
  EXECUTION_UNKNOWN: () => 'List the executions: switchover executions',
  LOCKED: ({ execution }) =>
    execution === undefined
      ? 'See which one: switchover executions --state running'
      : `Watch it: switchover execution watch ${execution}`,
  TRANSITION_REFUSED: ({ instance }) =>
    `See where it stands: switchover execution show ${/executions\/([^/]+)/.exec(instance)?.[1] ?? 'ID'}`,
  UNAUTHENTICATED: () => SIGN_IN,
};

/** Nothing is wrong with what was asked, except that it is not to be now. */
const REFUSED = ['PLAN_NOT_READY', 'PLAN_CHANGED'];

const SIGN_IN =
  'Set SWITCHOVER_TOKEN (a bearer token of your account) or SWITCHOVER_KEY (a function key), whichever this app takes.';

/** Turns an answer that is no success into the end of the command. */
export function refusal(answer: { url: string; status: number; body: string }): Failure {
  const problem = problemOf(answer.body);
  if (problem !== null) {
    // The app may have named a command itself.
    const next = problem.detail.includes('switchover ') ? null : NEXT[problem.code]?.(problem);
    const text = next == null ? problem.detail : `${problem.detail}\n${next}`;
    return new Failure(REFUSED.includes(problem.code) ? EXIT.refused : exitOf(answer.status), text);
  }
  return new Failure(exitOf(answer.status), withoutProblem(answer));
}

/** The platform answers before the app does: keys are checked, people sent to sign in, unknown paths refused there. */
function withoutProblem({ url, status }: { url: string; status: number }): string {
  if (status === 401 || (status >= 300 && status < 400)) {
    return `${url} wants to know who you are (${status}). ${SIGN_IN}`;
  }
  if (status === 403)
    return `${url} does not let you in (403). Ask its owner for a role in the app.`;
  if (status === 404)
    return `${url} answers, but has no Switchover API (404). Check SWITCHOVER_URL.`;
  return `${url} answered ${status} without saying why. Try ${url}/api/health, then the app's log.`;
}

function exitOf(status: number): number {
  if (status === 409 || status === 401 || status === 403) return EXIT.refused;
  if (status >= 300 && status < 400) return EXIT.refused;
  return status >= 400 && status < 500 && status !== 429 ? EXIT.usage : EXIT.failed;
}

function problemOf(body: string): Problem | null {
  try {
    const parsed = problemSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
