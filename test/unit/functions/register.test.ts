import { beforeEach, describe, expect, it, vi } from 'vitest';
import { registerRoutes } from '../../../src/functions/register.ts';
import { fakeServices } from './services.ts';

interface Registered {
  route: string;
  authLevel: string;
  extraInputs: { type: string }[];
}

const registered = vi.hoisted(() => new Map<string, Registered>());
vi.mock('@azure/functions', async (original) => ({
  ...(await original<object>()),
  app: { http: (name: string, options: Registered) => registered.set(name, options) },
}));

beforeEach(() => registered.clear());

function levels(auth: 'entra' | 'keys'): Record<string, string> {
  registerRoutes(fakeServices({ access: { by: auth } }).services);
  return Object.fromEntries([...registered.values()].map((one) => [one.route, one.authLevel]));
}

describe('registered functions', () => {
  it('ask for a key at every address but health, without sign-in', () => {
    const { 'api/health': health, ...others } = levels('keys');
    expect(health).toBe('anonymous');
    expect(Object.keys(others)).toHaveLength(18);
    expect(new Set(Object.values(others))).toEqual(new Set(['function']));
  });

  it('leave the check to the platform and the role table, with sign-in', () => {
    expect(new Set(Object.values(levels('entra')))).toEqual(new Set(['anonymous']));
  });

  it("get Durable's client only where orchestrations are started or woken", () => {
    registerRoutes(fakeServices().services);
    const durable = [...registered].filter(([, { extraInputs }]) => extraInputs.length > 0);
    expect(durable.map(([name]) => name)).toEqual([
      'plan-executions',
      'execution-commands',
      'alerts',
    ]);
    expect(durable.map(([, { extraInputs }]) => extraInputs[0]?.type)).toEqual([
      'durableClient',
      'durableClient',
      'durableClient',
    ]);
  });
});
