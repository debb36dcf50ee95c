import type { PipelineRequest } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { instant } from '../../../src/core/clock.ts';
import type { StepContext } from '../../../src/steps/contract.ts';
import { customWebhook as kind } from '../../../src/steps/custom-webhook/index.ts';
import { createFakeAzure } from '../../fakes/azure.ts';
import { pages, run, START, stepContext, stillClock } from '../../fakes/step.ts';
import type { Page, Run } from '../../fakes/step.ts';

const url = 'https://hooks.example/close';

function forward(
  answer: (request: PipelineRequest) => Page,
  given: object = {},
  patch: Partial<StepContext> = {},
): Promise<Run> {
  const context = stepContext(createFakeAzure(), stillClock(), { http: pages(answer), ...patch });
  return run(kind.forward, context, kind.settings.parse({ url, ...given }));
}

const sentAt = instant(START);

describe('the settings of custom/webhook', () => {
  it.each([
    [{ url: 'http://hooks.example/' }, 'https'],
    [{ url, observe: { url: 'http://hooks.example/' } }, 'https'],
    [{ url, undo: { url: 'http://hooks.example/' } }, 'https'],
    [{ url, secret: 'my-key' }, 'SWITCHOVER_SECRET_'],
    [{ url, undo: 'maybe' }, 'undo'],
  ])('refuse %j', (given, word) => {
    const { success, error } = kind.settings.safeParse(given);
    expect(success).toBe(false);
    expect(error?.message).toContain(word);
  });

  it.each([
    { url: 'http://127.0.0.1:8080/' },
    { url: 'http://localhost/' },
    { url: 'http://hooks.example/', allowHttp: true },
    { url: '${to.hook}', undo: 'none' },
  ])('take %j', (given) => {
    expect(
      kind.settings.safeParse(given.url.startsWith('$') ? { ...given, url } : given).success,
    ).toBe(true);
  });

  it.each([
    [{}, 'impossible'],
    [{ undo: 'none' }, 'safe'],
    [{ undo: { url } }, 'safe'],
  ])('say with %j that undoing is %s', (given, safety) => {
    expect(kind.undoSafety(kind.settings.parse({ url, ...given }), 'planned')).toBe(safety);
  });
});

describe('custom/webhook', () => {
  it.each([
    [200, 'holds', 'says that it is done'],
    [400, 'failed', 'HTTP_400'],
    [429, 'failed', 'HTTP_429'],
    [503, 'failed', 'HTTP_503'],
    [null, 'failed', 'NoAnswer'],
  ])('answered with %s: %s', async (status, end, words) => {
    const { end: came, sentence } = await forward(() => (status === null ? null : { status }));
    expect({ came, said: sentence.includes(words) }).toEqual({ came: end, said: true });
  });

  it.each([
    ['{"status":"running","percent":30,"message":"so far"}', 'waits', 'so far'],
    ['{"status":"succeeded"}', 'holds', 'done'],
    ['{"status":"failed","message":"no room"}', 'failed', 'WEBHOOK_FAILED'],
  ])('follows its status: %s', async (body, end, words) => {
    const ran = await forward(({ method }) =>
      method === 'POST' ? { status: 202, headers: { location: '/jobs/7' } } : { status: 200, body },
    );
    expect(ran.end).toBe(end);
    expect(ran.sentence).toContain(words);
  });

  it('follows no status to another host', async () => {
    const asked: string[] = [];
    const { end, sentence } = await forward((request) => {
      asked.push(request.url);
      return { status: 202, headers: { location: 'https://elsewhere.example/' } };
    });
    expect({ end, sentence, asked }).toEqual({
      end: 'failed',
      sentence: 'STATUS_ELSEWHERE',
      asked: [url],
    });
  });

  it.each([
    ['nothing was sent', [], 1],
    ['it was not answered', [{ call: 'request', sentAt }], 1],
    ['it was called failed', [{ call: 'request', sentAt, ended: 'failed' as const }], 2],
  ])('has a key of its own when %s', async (_when, sent, number) => {
    let key: string | undefined;
    const answer = (request: PipelineRequest): Page => {
      key = request.headers.get('idempotency-key');
      return { status: 200 };
    };
    const context = stepContext(createFakeAzure(), stillClock(), { http: pages(answer), sent });
    const settings = kind.settings.parse({ url });
    const seen = await kind.forward.observe(context, settings);
    const calls = await kind.forward.act(context, settings, seen);
    if (!('length' in calls)) throw new Error('no calls');
    await calls[0]!.send(new AbortController().signal);
    expect(key).toBe(`x1:s1:forward:${number}`);
  });

  it('calls nothing when what it observes is there already', async () => {
    const methods: string[] = [];
    const observe = { url: `${url}/state`, expect: { json: { 'body.closed': true } } };
    const { end } = await forward(
      ({ method }) => (methods.push(method), { status: 200, body: '{"closed":true}' }),
      { observe },
    );
    expect({ end, methods: [...new Set(methods)] }).toEqual({ end: 'holds', methods: ['GET'] });
  });

  it('is not done before what it observes says so', async () => {
    const observe = { url: `${url}/state`, expect: { bodyIncludes: 'closed' } };
    const { end, sentence } = await forward(() => ({ status: 200, body: 'open' }), { observe });
    expect(end).toBe('waits');
    expect(sentence).toContain('does not contain "closed"');
  });
});
