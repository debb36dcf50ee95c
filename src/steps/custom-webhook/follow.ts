import { z } from 'zod';
import { AzureError } from '../../azure/errors.ts';
import { retryAfterSeconds } from '../../azure/retry-after.ts';
import type { Operation } from '../../core/step.ts';
import type { Progress, StepContext } from '../contract.ts';
import { probe } from '../probe.ts';
import { signed } from './send.ts';
import type { Settings } from './settings.ts';

const LOOK_SECONDS = 10;

const told = z.looseObject({
  status: z.enum(['running', 'succeeded', 'failed']),
  percent: z.number().min(0).max(100).optional(),
  message: z.string().max(1_000).optional(),
});

/** One look at the status address. Trouble with the look says nothing about what runs. */
export async function follow(
  context: StepContext,
  settings: Settings,
  operation: Operation,
): Promise<Progress> {
  const url = operation.location ?? '';
  const answer = await probe(context, { url, headers: signed(context, settings, '') });
  if (answer.status !== 200 && answer.status !== 202)
    throw trouble(url, String(answer.status), answer.status);
  const found = told.safeParse(parsed(answer.body));
  if (!found.success) throw trouble(url, 'something that is no status');
  const { status, percent, message } = found.data;
  switch (status) {
    case 'running':
      return {
        is: 'running',
        retryAfterSeconds: retryAfterSeconds(answer.headers, context.clock.now()) ?? LOOK_SECONDS,
        sentence: message ?? `${operation.name} runs.`,
        ...(percent === undefined ? {} : { percent }),
      };
    case 'succeeded':
      return { is: 'done', sentence: message ?? `${operation.name} succeeded.` };
    case 'failed': {
      const words = message ?? `${operation.name} failed and gives no reason.`;
      return { is: 'failed', error: { code: 'WEBHOOK_FAILED', message: words }, transient: false };
    }
  }
}

function trouble(url: string, what: string, status: number | null = null): AzureError {
  return new AzureError({
    effect: 'lost',
    code: 'STATUS_UNREADABLE',
    message: `answered ${what}`,
    operation: `GET ${url}`,
    ...(status === null ? {} : { status }),
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
