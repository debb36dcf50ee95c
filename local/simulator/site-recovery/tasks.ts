import type { Fault } from '../service.ts';
import type { Outcome, Strand, TaskPlan } from './jobs.ts';

export function task(name: string, friendlyName: string, strands: TaskPlan['strands']): TaskPlan {
  return { name, friendlyName, type: 'TaskDetails', strands };
}

export function groupTask(
  name: string,
  friendlyName: string,
  strands: TaskPlan['strands'],
): TaskPlan {
  return { name, friendlyName, type: 'GroupTaskDetails', strands };
}

/** One strand; without `complete` it only takes its time. */
export function step(
  label: string,
  seconds: number,
  {
    fault = null,
    complete = () => 'done',
  }: { fault?: Fault | null; complete?: () => Outcome } = {},
): Strand {
  return { label, seconds, fault, complete };
}
