import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { ROUTES } from '../../../src/functions/routes.ts';
import { api } from './api.ts';
import { fakeServices } from './services.ts';

interface Operation {
  operationId: string;
  security: unknown[];
  parameters: { name: string; in: string }[];
  requestBody?: { content: { 'application/json': { schema: object } } };
  'x-roles'?: string[];
}

const ask = api(fakeServices().services);
const { json } = await ask({
  path: '/api/openapi.json',
  headers: { 'x-functions-key': 'k' },
});
const paths = json.paths as Record<string, Record<string, Operation>>;

describe('the description of the API', () => {
  it('has every address with its methods, each under a name of its own', () => {
    const described = Object.entries(paths).map(([path, one]) => [path, Object.keys(one)]);
    expect(described).toEqual(
      ROUTES.map(({ path, methods }) => [
        `/${path}`,
        Object.keys(methods).map((method) => method.toLowerCase()),
      ]),
    );
    const names = Object.values(paths).flatMap((one) =>
      Object.values(one).map((operation) => operation.operationId),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it('declares what stands in braces', () => {
    for (const [path, operations] of Object.entries(paths)) {
      const inBraces = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters } of Object.values(operations)) {
        const declared = parameters.filter((one) => one.in === 'path').map(({ name }) => name);
        expect(declared).toEqual(inBraces);
      }
    }
  });

  it('says who may do it, and that health is open', () => {
    expect(paths['/api/hold']?.post?.['x-roles']).toEqual(['Operator']);
    expect(paths['/api/health']?.get?.security).toEqual([]);
  });

  it('names the header that pages of other sites cannot send, where it is asked for', () => {
    const asks = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { parameters }]) =>
        parameters.some(({ name }) => name === 'x-switchover') ? [`${method} ${path}`] : [],
      ),
    );
    expect(asks).toContain('post /api/hold');
    expect(asks.filter((one) => one.startsWith('get ') || one.includes('alerts'))).toEqual([]);
  });

  it.each([
    [true, '/api/plans/{name}/executions', { kind: 'failover', reason: 'a try' }],
    [false, '/api/plans/{name}/executions', { kind: 'failover' }],
    [false, '/api/plans/{name}/executions', { kind: 'failover', reason: 'a try', force: true }],
    [true, '/api/executions/{id}/commands', { command: 'pause', reason: 'a try' }],
    [false, '/api/executions/{id}/commands', { command: 'stop', reason: 'a try' }],
    [true, '/api/hold', { reason: 'a try' }],
    [false, '/api/hold', { reason: '' }],
  ])('takes (%s) the same bodies as the address itself: %s %o', async (fits, path, body) => {
    const schema = paths[path]?.post?.requestBody?.content['application/json'].schema ?? {};
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(body)).toBe(fits);
    const address = path.replace(/\{\w+\}/, 'websphere-cafe');
    const { services } = fakeServices({ access: { by: 'entra' } });
    const answer = await api(services)({ method: 'POST', path: address, headers: OPERATOR, body });
    expect(answer.json.code === 'REQUEST_INVALID').toBe(!fits);
  });
});

const OPERATOR = {
  'x-ms-client-principal': Buffer.from(
    JSON.stringify({
      claims: [
        { typ: 'oid', val: '0a1b' },
        { typ: 'roles', val: 'Operator' },
      ],
    }),
  ).toString('base64'),
};
