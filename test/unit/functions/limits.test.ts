import { describe, expect, it } from 'vitest';
import { createLimits } from '../../../src/functions/http/limits.ts';
import type { Limits } from '../../../src/functions/http/limits.ts';
import { commonAlert } from '../../fixtures/alerts.ts';
import { api } from './api.ts';
import { fakeServices } from './services.ts';

function stage(): { limits: Limits; pass: (milliseconds: number) => void } {
  let now = Date.parse('2026-11-21T10:00:00Z');
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  return { limits: createLimits(clock), pass: (milliseconds) => void (now += milliseconds) };
}

function admitted(limits: Limits, name: Parameters<Limits['admit']>[0]): number {
  for (let count = 0; ; count += 1) {
    try {
      limits.admit(name);
    } catch {
      return count;
    }
  }
}

describe('what one instance takes', () => {
  it.each([
    ['health', 60, 10],
    ['alerts', 2000, 100],
  ] as const)('of %s: %i at once, then %i a second', (name, burst, perSecond) => {
    const { limits, pass } = stage();
    expect(admitted(limits, name)).toBe(burst);
    pass(1000);
    expect(admitted(limits, name)).toBe(perSecond);
    pass(3_600_000);
    expect(admitted(limits, name)).toBe(burst);
    pass(-3_600_000);
    expect(admitted(limits, name)).toBe(0);
  });

  it('of one is not taken from the other', () => {
    const { limits } = stage();
    admitted(limits, 'health');
    expect(() => limits.admit('alerts')).not.toThrow();
  });

  it('is said with the answer 429, and when to come back', async () => {
    const { limits, pass } = stage();
    const ask = api(fakeServices({ limits }).services);
    admitted(limits, 'health');
    const refused = await ask({ path: '/api/health' });
    expect(refused.status).toBe(429);
    expect(refused.json['code']).toBe('RATE_LIMITED');
    pass(Number(refused.headers['retry-after']) * 1000);
    expect((await ask({ path: '/api/health' })).status).toBe(200);
  });

  it('of alerts is not used up by those who may not bring any', async () => {
    const { limits } = stage();
    const ask = api(fakeServices({ limits, access: { by: 'entra' } }).services);
    const alert = { method: 'POST', path: '/api/alerts', body: commonAlert() };
    for (let count = 0; count < 2001; count += 1) expect((await ask(alert)).status).toBe(401);
    expect(admitted(limits, 'alerts')).toBe(2000);
  });
});
