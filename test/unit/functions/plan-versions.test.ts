import { describe, expect, it } from 'vitest';
import { api } from './api.ts';
import type { Got, Sent } from './api.ts';
import { VERSION, fakeServices } from './services.ts';
import type { Seen } from './services.ts';

const AUTHOR = {
  'x-ms-client-principal': Buffer.from(
    JSON.stringify({
      claims: [
        { typ: 'oid', val: '0a1b' },
        { typ: 'roles', val: 'Author' },
      ],
    }),
  ).toString('base64'),
};
const PATH = '/api/plans/websphere-cafe';

async function put(sent: Partial<Sent>): Promise<{ got: Got; seen: Seen }> {
  const { services, seen } = fakeServices({ access: { by: 'entra' } });
  const { headers, ...rest } = sent;
  const got = await api(services)({
    method: 'PUT',
    path: `${PATH}?reason=+longer+`,
    text: 'name: websphere-cafe\n',
    ...rest,
    headers: { ...AUTHOR, 'content-type': 'application/yaml; charset=utf-8', ...headers },
  });
  return { got, seen };
}

describe('pushing a plan', () => {
  it('hands over the text as it was written, and answers with the tag of its version', async () => {
    const text = '# a comment\r\nname: websphere-cafe\n';
    const { got, seen } = await put({ text });
    expect(seen.pushes).toMatchObject([
      { name: 'websphere-cafe', text, reason: 'longer', despite: false, by: { id: '0a1b' } },
    ]);
    expect(seen.pushes[0]?.base).toBeUndefined();
    expect(got).toMatchObject({ status: 200, headers: { etag: '"7"' } });
  });

  it.each<[Record<string, string>, string, number | undefined, boolean]>([
    [{ 'if-match': '"7"' }, '', 7, false],
    [{ 'if-none-match': '*' }, '', 0, false],
    [{}, '&despite=findings', undefined, true],
  ])('with %j and "%s" follows %s, despite findings: %s', async (headers, query, base, despite) => {
    const { seen } = await put({ headers, path: `${PATH}?reason=r${query}` });
    expect(seen.pushes).toMatchObject([{ despite }]);
    expect(seen.pushes[0]?.base).toBe(base);
  });

  it.each<[string, Partial<Sent>, number, string]>([
    ['without a reason', { path: PATH }, 422, 'REQUEST_INVALID'],
    ['with an empty reason', { path: `${PATH}?reason=+` }, 422, 'REQUEST_INVALID'],
    ['with a word nobody knows', { path: `${PATH}?reason=r&force=1` }, 422, 'REQUEST_INVALID'],
    ['that follows many', { headers: { 'if-match': '"7", "8"' } }, 422, 'REQUEST_INVALID'],
    ['that follows anything', { headers: { 'if-match': '*' } }, 422, 'REQUEST_INVALID'],
    ['of nothing', { text: ' \n' }, 400, 'REQUEST_MALFORMED'],
    ['of too much', { text: '#'.repeat(262_145) }, 413, 'REQUEST_TOO_LARGE'],
    [
      'as a form would send it',
      { headers: { 'content-type': 'text/plain' } },
      415,
      'CONTENT_TYPE_UNSUPPORTED',
    ],
  ])('%s is refused', async (_what, sent, status, code) => {
    const { got, seen } = await put(sent);
    expect([got.status, got.json['code']]).toEqual([status, code]);
    expect(seen.pushes).toEqual([]);
  });
});

describe('reading versions', () => {
  const { services } = fakeServices();
  const ask = api(services);

  it.each(['newest', '7'])('gives the text of %s, with its tag', async (number) => {
    const got = await ask({ path: `${PATH}/versions/${number}` });
    expect(got).toMatchObject({ status: 200, headers: { etag: '"7"' } });
    expect(got.json).toMatchObject({ number: 7, text: 'name: websphere-cafe\n' });
  });

  it.each([
    [PATH, [VERSION]],
    ['/api/plans/tea', []],
  ])('lists those of %s', async (path, versions) => {
    expect((await ask({ path: `${path}/versions` })).json).toEqual({ versions });
  });

  it.each([
    '/api/plans/tea/versions/newest',
    `${PATH}/versions/8`,
    `${PATH}/versions/first`,
    `${PATH}/versions/0`,
  ])('knows nothing of %s', async (path) => {
    expect((await ask({ path })).json).toMatchObject({ status: 404, code: 'PLAN_UNKNOWN' });
  });
});
