import { beforeEach, describe, expect, it } from 'vitest';
import { azureRest as kind } from '../../../src/steps/azure-rest/index.ts';
import { createFakeAzure, refusal } from '../../fakes/azure.ts';
import type { FakeAzure } from '../../fakes/azure.ts';
import { run, stepContext, stillClock } from '../../fakes/step.ts';
import type { Run } from '../../fakes/step.ts';

const path = '/subscriptions/s/resourceGroups/g/providers/Microsoft.App/containerApps/a';
const given = {
  method: 'PUT',
  path,
  apiVersion: '2024-03-01',
  body: { replicas: 3 },
  observe: { path, apiVersion: '2024-03-01', met: 'replicas == `3`' },
  permissions: ['Microsoft.App/containerApps/write'],
};

let azure: FakeAzure;

beforeEach(() => {
  azure = createFakeAzure();
  azure.documents.set(path, { replicas: 1 });
});

const forward = (patch: object = {}): Promise<Run> =>
  run(kind.forward, stepContext(azure, stillClock()), kind.settings.parse({ ...given, ...patch }));

const observing = (met: string, moving?: string): object => ({
  observe: { ...given.observe, met, ...(moving === undefined ? {} : { moving }) },
});

describe('the settings of azure/rest', () => {
  it.each([
    ['a query in the path', { path: `${path}?x=1` }],
    ['a way out of the path', { path: `${path}/../b` }],
    ['another host', { path: '//elsewhere/subscriptions/s' }],
    ['an api-version that is none', { apiVersion: 'latest' }],
    ['an expression that cannot be read', observing('replicas ==')],
    ['a function that does not exist', observing('sum_of(replicas)')],
    ['a very long expression', observing(`a == '${'x'.repeat(1_000)}'`)],
    ['no permissions', { permissions: [] }],
    ['permissions that are none', { permissions: ['write'] }],
  ])('refuse %s', (_what, patch) => {
    expect(kind.settings.safeParse({ ...given, ...patch }).success).toBe(false);
  });

  it.each([
    ['impossible', {}],
    ['safe', { undo: 'none' }],
    ['lossy', { undo: { ...given, verify: undefined, permissions: undefined, safety: 'lossy' } }],
  ])('say that undoing is %s', (safety, patch) => {
    const { undo } = patch as { undo?: object | string };
    const way =
      typeof undo === 'object'
        ? Object.fromEntries(Object.entries(undo).filter(([, value]) => value !== undefined))
        : undo;
    const settings = kind.settings.parse({ ...given, ...(way === undefined ? {} : { undo: way }) });
    expect(kind.undoSafety(settings, 'planned')).toBe(safety);
  });

  it.each([
    [path, path],
    [`${path}/stop`, path],
  ])('lock and ask for rights at the resource of %s', (full, resource) => {
    const settings = kind.settings.parse({ ...given, path: full });
    expect(kind.resources(settings)).toEqual([resource]);
    expect(kind.permissions(settings)).toEqual([
      { action: 'Microsoft.App/containerApps/write', scope: resource },
    ]);
  });
});

describe('azure/rest', () => {
  it('sends once what is not met yet, and proves it', async () => {
    const { end, verification } = await forward({ verify: { enough: 'replicas > `2`' } });
    expect(azure.sent).toEqual([`PUT ${path}`]);
    expect(end).toBe('holds');
    expect(verification).toMatchObject({ proof: { holds: { met: 'replicas == `3`' } } });
  });

  it('calls nothing when it is met', async () => {
    azure.documents.set(path, { replicas: 3 });
    expect((await forward()).end).toBe('holds');
    expect(azure.sent).toEqual([]);
  });

  it('takes what does not exist for null', async () => {
    const { end } = await forward({ method: 'DELETE', ...observing('@ == `null`') });
    expect({ end, sent: azure.sent }).toEqual({ end: 'holds', sent: [`DELETE ${path}`] });
  });

  it('waits while it is on its way', async () => {
    const { end, seen } = await forward(observing('replicas == `3`', 'replicas == `1`'));
    expect({ end, goal: seen[0]?.goal, sent: azure.sent }).toEqual({
      end: 'waits',
      goal: 'moving',
      sent: [],
    });
  });

  it('is not through before everything else is true, too', async () => {
    const { end, sentence } = await forward({ verify: { many: 'replicas > `5`' } });
    expect(end).toBe('waits');
    expect(sentence).toBe('Not true yet: many (replicas > `5`).');
  });

  it.each([
    ['a number', 'replicas', 'neither true nor false'],
    ['what no function takes', 'length(replicas) == `1`', 'cannot be asked'],
  ])('sends nothing when the expression is %s', async (_what, met, words) => {
    const { refusal: refused } = await forward(observing(met));
    expect(refused?.refuse.code).toBe('EXPRESSION_UNFIT');
    expect(refused?.refuse.message).toContain(words);
    expect(azure.sent).toEqual([]);
    const settings = kind.settings.parse({ ...given, ...observing(met) });
    expect(await kind.check(stepContext(azure, stillClock()), settings)).toMatchObject([
      { severity: 'critical' },
    ]);
  });

  it('asks nothing of an answer that is too large', async () => {
    azure.documents.set(path, { text: 'x'.repeat(1_000_001) });
    expect((await forward()).refusal?.refuse.message).toContain('more than 1000000');
  });

  it('fails with the reason of a refusal', async () => {
    azure.refusals.set(`PUT ${path}`, refusal('Denied'));
    expect(await forward()).toMatchObject({ end: 'failed', sentence: 'Denied' });
  });
});
