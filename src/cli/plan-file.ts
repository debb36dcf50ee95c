import { parsePlan } from '../plan/parse.ts';
import type { Plan } from '../plan/plan.ts';
import { formatProblems } from '../plan/problem.ts';
import { stepKinds } from '../steps/registry.ts';
import { EXIT, Failure } from './failure.ts';

/** The plan that a file's text is; every problem with it otherwise. */
export function planIn(file: string, text: string): Plan {
  const parsed = parsePlan(file, text, stepKinds);
  if (parsed.ok) return parsed.value;
  throw new Failure(EXIT.usage, formatProblems(parsed.error));
}
