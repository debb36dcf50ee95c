import type { Job } from '../../azure/access.ts';
import type { Operation, StepError } from '../../core/step.ts';
import type { Progress, StepContext } from '../contract.ts';
import { followOperation } from '../operation.ts';
import { reading } from '../reading.ts';

/** What Site Recovery itself asks its clients to wait between looks. */
const LOOK_SECONDS = 30;

/**
 * One look at a Site Recovery job. Our own operations are followed at the address that came with them; the job adds
 * the words. A job that somebody else started is followed by itself.
 */
export async function followJob(context: StepContext, operation: Operation): Promise<Progress> {
  const jobId = operation.handle?.['jobId'];
  if (operation.pollUrl === undefined && operation.location === undefined) {
    const job = typeof jobId === 'string' ? await context.azure.siteRecovery.job(jobId) : null;
    return job === null ? gone(operation) : progressOf(job);
  }
  const [progress, seen] = await Promise.all([
    followOperation(context, operation),
    typeof jobId === 'string'
      ? reading(() => context.azure.siteRecovery.job(jobId))
      : { read: null },
  ]);
  const job = 'read' in seen ? seen.read : null;
  if (job === null) return progress;
  switch (progress.is) {
    case 'running':
      if (job.state === 'Suspended') return progressOf(job);
      return { ...progress, ...percentOf(job), sentence: sentenceOf(job) };
    case 'done':
      return { ...progress, sentence: sentenceOf(job) };
    case 'failed':
      return { ...progress, error: errorOf(job) ?? progress.error };
  }
}

function progressOf(job: Job): Progress {
  const sentence = sentenceOf(job);
  switch (job.state) {
    case 'Succeeded':
    // A test failover that waits for its clean-up: it will not go on by itself.
    case 'Suspended':
      return { is: 'done', sentence, ...(job.endedAt === null ? {} : { endedAt: job.endedAt }) };
    case 'Failed':
    case 'Cancelled': {
      const error = errorOf(job) ?? { code: job.state, message: sentence };
      return { is: 'failed', error, transient: job.state === 'Failed' };
    }
    default:
      return { is: 'running', ...percentOf(job), sentence, retryAfterSeconds: LOOK_SECONDS };
  }
}

/** What became of it shows in the protected items. */
function gone(operation: Operation): Progress {
  return { is: 'done', sentence: `${operation.name} is no longer listed.` };
}

function sentenceOf({ scenario, target, state, stateDescription, tasks }: Job): string {
  const current = tasks.find((task) => task.state === 'InProgress');
  const now = current === undefined ? stateDescription || state : current.name;
  return `${scenario} of ${target}: ${now}.`;
}

function percentOf({ tasks }: Job): { readonly percent?: number } {
  if (tasks.length === 0) return {};
  const open = ['NotStarted', 'InProgress'];
  const ended = tasks.filter((task) => !open.includes(task.state)).length;
  return { percent: Math.floor((100 * ended) / tasks.length) };
}

function errorOf({ errors, scenario, target }: Job): StepError | null {
  const [first] = errors;
  if (first === undefined) return null;
  const told = [...new Set(errors.map(({ code, message }) => `${message} (${code})`))];
  return { code: first.code, message: `${scenario} of ${target} failed: ${told.join('; ')}` };
}
