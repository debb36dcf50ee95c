import { afterEach, describe, expect, it } from 'vitest';
import { PLAN } from '../functions/services.ts';
import { run, serve } from './cli.ts';
import type { Backend, Ran } from './cli.ts';

let backend: Backend | null = null;
afterEach(async () => {
  await backend?.close();
  backend = null;
});

async function ordered(line: string): Promise<Ran & { posted: unknown[] }> {
  backend = await serve({
    'GET /api/plans/websphere-cafe': { body: PLAN },
    'POST /api/plans/websphere-cafe/executions': {
      status: 202,
      body: { id: 'dr-1', repeated: false },
    },
  });
  const ran = await run(line, { url: backend.url, key: 'k' });
  const posts = backend.requests.filter((request) => request.line.startsWith('POST'));
  return { ...ran, posted: posts.map(({ body }) => JSON.parse(body) as unknown) };
}

describe('drill', () => {
  it.each(['validate', 'dry-run'])('begins a %s without asking: it only reads', async (level) => {
    const ran = await ordered(`drill websphere-cafe --level ${level}`);
    expect(ran).toMatchObject({ code: 0, out: 'dr-1' });
    expect(ran.talk).toContain(`Drill of websphere-cafe, ${level}. Nothing is changed.`);
    expect(ran.posted).toEqual([
      { kind: 'drill', level, mode: 'planned', reason: 'a drill, asked for by hand' },
    ]);
  });

  it.each(['rehearsal', 'live'])('wants a word before a %s', async (level) => {
    const without = await ordered(`drill websphere-cafe --level ${level} --no-input`);
    expect(without.code).toBe(2);
    expect(without.posted).toEqual([]);
    await backend?.close();
    const given = await ordered(`drill websphere-cafe --level ${level} --yes --reason x`);
    expect(given.posted).toEqual([{ kind: 'drill', level, mode: 'planned', reason: 'x' }]);
  });

  it('knows its levels', async () => {
    expect(await ordered('drill websphere-cafe --level deep')).toMatchObject({
      code: 2,
      posted: [],
    });
  });
});
