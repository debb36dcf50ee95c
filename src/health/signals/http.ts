import { formatSeconds } from '../../core/duration.ts';
import type { SignalSettings } from '../../plan/signals.ts';
import { probe } from '../../steps/probe.ts';
import type { ProbeAnswer } from '../../steps/probe.ts';
import { readOnce } from './read-once.ts';
import type { Found, Limits } from './read-once.ts';
import type { Said, SignalSource } from './source.ts';

/**
 * A thousand sites that are all silent for the usual five seconds take two rounds. An instance of the app may hold
 * 600 connections on the Consumption plan. https://learn.microsoft.com/azure/azure-functions/manage-connections
 */
const PROBES: Limits = { together: 500, seconds: 10 };

/** The site is asked as clients would ask it, from where the app runs. */
export const http: SignalSource<'http'> = {
  isDear: false,
  async read(through, wanted) {
    const answers = await readOnce(
      through,
      wanted,
      ({ signal: { with: settings } }) =>
        JSON.stringify([settings.url, settings.timeout, settings.trustAnyCertificate]),
      async ({ signal: { with: settings } }) => {
        const { url, timeout, trustAnyCertificate } = settings;
        const before = through.clock.now();
        const answer = await probe(through, { url, timeoutSeconds: timeout, trustAnyCertificate });
        return { answer, seconds: (through.clock.now() - before) / 1000 };
      },
      PROBES,
    );
    return wanted.map((one) => ({ of: one, ...judge(answers(one), one.signal.with) }));
  },
};

interface Timed {
  readonly answer: ProbeAnswer;
  readonly seconds: number;
}

function judge(found: Found<Timed>, { expect, slow }: SignalSettings<'http'>): Said {
  if (found.is === 'trouble') return { as: 'unclear', sees: found.words };
  const { answer, seconds } = found.value;
  if (answer.status === null) return { as: 'bad', sees: answer.reason };
  const sees = `status ${answer.status} after ${formatSeconds(seconds)}`;
  const { status, bodyIncludes } = expect;
  // What redirects serves: only a plan that wants a certain status says more.
  const asExpected =
    status?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 400);
  if (!asExpected) {
    const instead = status === undefined ? '' : ` instead of ${status.join(' or ')}`;
    return { as: 'bad', sees: `${sees}${instead}` };
  }
  if (bodyIncludes !== undefined && !answer.body.includes(bodyIncludes))
    return { as: 'bad', sees: `${sees}, without "${bodyIncludes}" in its body` };
  return slow !== undefined && seconds > slow
    ? { as: 'bad', sees: `${sees}, slower than ${formatSeconds(slow)}` }
    : { as: 'good', sees };
}
