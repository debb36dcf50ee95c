import { describe, expect, it } from 'vitest';
import type { PlanReadiness, PlanSummary } from '../../src/functions/services.ts';
import { createDeployedPlans } from '../../src/records/deployed-plans.ts';
import { createPlanStates } from '../../src/records/plan-state.ts';
import { wrongClaims } from '../../src/report/claims.ts';
import { verifyEvidence } from '../../src/report/verify.ts';
import { ask, evidenceOf, pass } from '../support/door.ts';
import { CAFE, cafeText, push, retire, versions, withDeployedPlans } from '../support/deployed.ts';
import { order, prepare, start, untilStill } from '../support/failover.ts';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';

const MOVE = { plan: CAFE, mode: 'planned' } as const;
const LONGER = ['timeout: 15m', 'timeout: 16m'] as const;
const NO_SUCH_GROUP = ['failovergroup-cafe', 'failovergroup-tea'] as const;
const LONGEST = ['timeout: 15m', 'timeout: 17m'] as const;

async function plans(stack: VirtualStack): Promise<readonly PlanSummary[]> {
  const { body } = await ask(stack, { path: '/api/plans' });
  return body['plans'] as unknown as PlanSummary[];
}

async function readiness(stack: VirtualStack, name = CAFE): Promise<PlanReadiness> {
  const { body } = await ask(stack, { path: `/api/plans/${name}/readiness` });
  return body as unknown as PlanReadiness;
}

async function textOf(stack: VirtualStack, number: number | 'newest'): Promise<unknown> {
  const { body } = await ask(stack, { path: `/api/plans/${CAFE}/versions/${number}` });
  return body['text'];
}

const numbers = async (stack: VirtualStack): Promise<number[]> =>
  (await versions(stack)).map(({ number }) => number);

describe('a plan that is pushed', () => {
  it('is listed, can be run, and is named by the evidence with who pushed it', async () => {
    await withDeployedPlans(async (stack) => {
      expect(await plans(stack)).toEqual([]);
      await prepare(stack, 'planned');
      const text = `# kept as it was written\n${await cafeText()}`;
      const pushed = await push(stack, { text, reason: 'the first' });
      expect(pushed).toMatchObject({ status: 200, body: { plan: CAFE, unchanged: false } });
      const version = { number: 1, reason: 'the first', by: { name: 'author@example.com' } };
      expect(await plans(stack)).toMatchObject([{ name: CAFE, problems: [], version }]);
      expect(await textOf(stack, 'newest')).toBe(text);
      await pass(stack, 90);
      const { id } = await start(stack, MOVE);
      expect(await untilStill(stack, id)).toBe('succeeded');
      const evidence = await evidenceOf(stack, id);
      expect(evidence.plan.version).toMatchObject(version);
      expect(verifyEvidence(evidence)).toEqual([]);
      const forged = structuredClone(evidence);
      forged.plan.version!.by.name = 'somebody else';
      expect(wrongClaims(forged)).toMatchObject([expect.stringMatching(/^plan version/)]);
    });
  });

  it('leaves what runs as it is, and is what the next start runs', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      await pass(stack, 90);
      const { id } = await start(stack, MOVE);
      await pass(stack, 20);
      const text = await cafeText(LONGER);
      const second = await push(stack, { text, despite: true });
      expect(second).toMatchObject({ status: 200, body: { running: id, version: { number: 2 } } });
      expect(await untilStill(stack, id)).toBe('succeeded');
      expect((await evidenceOf(stack, id)).plan.version?.number).toBe(1);
      const next = await ask(stack, {
        path: `/api/plans/${CAFE}/executions`,
        as: 'operator',
        body: { kind: 'drill', level: 'dry-run', reason: 'a test' },
      });
      const dryRun = (next.body as { id: string }).id;
      await untilStill(stack, dryRun);
      const evidence = await evidenceOf(stack, dryRun);
      expect(evidence.plan.version?.number).toBe(2);
    });
  });

  it('keeps its lock on what an execution of an earlier version changes', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      const { id } = await start(stack, MOVE);
      await pass(stack, 20);
      await order(stack, id, { command: 'pause', reason: 'wait' });
      await untilStill(stack, id);
      const other = (await cafeText()).replace(`name: ${CAFE}`, 'name: other');
      const pushed = await push(stack, { text: other, name: 'other', despite: true });
      expect(pushed.status).toBe(200);
      expect(pushed.body['findings']).toContainEqual(
        expect.objectContaining({
          problem: expect.stringContaining(`the plan ${CAFE}, too`) as string,
        }),
      );
      expect(await start(stack, { ...MOVE, plan: 'other' })).toMatchObject({
        status: 409,
        body: { code: 'LOCKED', execution: id, plan: CAFE },
      });
    });
  });
});

describe('a push that comes between the look at a plan and its start', () => {
  async function overtaken(stack: VirtualStack): Promise<void> {
    await prepare(stack, 'planned');
    await push(stack, { text: await cafeText() });
    const deployed = createDeployedPlans(stack.tables, stack.blobs);
    const stop = stack.tables.onWrite({
      async before({ table }) {
        if (table !== 'locks') return;
        stop();
        const before = await deployed.of(CAFE);
        if (before !== null) await deployed.add({ ...before.value, number: 2 }, before);
      },
    });
  }

  it('keeps a person from starting what is the newest no more, and leaves no lock', async () => {
    await withDeployedPlans(async (stack) => {
      await overtaken(stack);
      expect(await start(stack, MOVE)).toMatchObject({
        status: 409,
        body: { code: 'STORE_CONFLICT', detail: expect.stringContaining('version 2') as string },
      });
      const { id } = await start(stack, MOVE);
      expect((await evidenceOf(stack, id)).plan.version?.number).toBe(2);
    });
  });

  it('makes the watch begin with the newest at its next look', async () => {
    await withDeployedPlans(
      async (stack) => {
        await overtaken(stack);
        stack.simulator.control.outage('eastus', 'data');
        await pass(stack, 600);
        const { body } = await ask(stack, { path: '/api/executions' });
        const begun = body['executions'] as unknown as readonly { readonly id: string }[];
        expect(begun).toHaveLength(1);
        expect((await evidenceOf(stack, begun[0]?.id ?? '')).plan.version?.number).toBe(2);
      },
      { watched: true },
    );
  });
});

describe('versions', () => {
  it('count up, also when an earlier text comes back', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      const [one, two] = [await cafeText(), await cafeText(LONGER)];
      await push(stack, { text: one });
      await push(stack, { text: two });
      await push(stack, { text: one, reason: 'back' });
      expect(await versions(stack)).toMatchObject([
        { number: 3, reason: 'back' },
        { number: 2 },
        { number: 1 },
      ]);
      expect([await textOf(stack, 2), await textOf(stack, 3)]).toEqual([two, one]);
    });
  });

  it('do not grow by a push that says what stands there already', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      const text = await cafeText();
      await push(stack, { text });
      // The answer to the first one may have been lost.
      expect(await push(stack, { text, base: 0 })).toMatchObject({ body: { unchanged: true } });
      expect(await numbers(stack)).toEqual([1]);
    });
  });

  it('of two that follow the same one, the second is refused and told whose is there', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      const answers = await Promise.all([
        push(stack, { text: await cafeText(LONGER), reason: 'longer' }),
        push(stack, { text: await cafeText(LONGEST), reason: 'longest' }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      const [winner] = answers.filter(({ status }) => status === 200);
      const [loser] = answers.filter(({ status }) => status === 412);
      expect(loser?.body).toMatchObject({
        code: 'PLAN_CHANGED',
        newest: { number: 2, hash: (winner?.body['version'] as { hash?: string }).hash },
      });
      expect(await numbers(stack)).toEqual([2, 1]);
    });
  });

  it.each([
    ['0, though there is one', 0],
    ['one that is not the newest', 1],
    ['one that never was', 7],
  ])('are refused when they are to follow %s', async (_what, base) => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      await push(stack, { text: await cafeText(LONGER) });
      const answer = await push(stack, { text: await cafeText(LONGEST), base });
      expect(answer).toMatchObject({ status: 412, body: { code: 'PLAN_CHANGED' } });
      expect(await numbers(stack)).toEqual([2, 1]);
    });
  });
});

describe('a push is refused, and changes nothing,', () => {
  it.each<[string, string, readonly (readonly [string, string])[], object]>([
    [
      'with every mistake and its place',
      'PLAN_INVALID',
      [
        ['timeout: 15m', 'timeout: soon'],
        ['limit: 10m', 'limit: much'],
      ],
      {
        problems: [
          { file: `${CAFE}.yaml`, line: 62, path: 'dataLoss.limit' },
          { file: `${CAFE}.yaml`, path: expect.stringContaining('timeout') as string },
        ],
      },
    ],
    ['of another name', 'PLAN_INVALID', [[`name: ${CAFE}`, 'name: tea']], {}],
    [
      'that does not know the site that serves',
      'PLAN_NOT_READY',
      [
        ['home: east', 'home: orient'],
        ['  east:\n', '  orient:\n'],
        ['east: ', 'orient: '],
        ['${east.', '${orient.'],
      ],
      {},
    ],
    ['that could not be run now', 'PLAN_NOT_READY', [NO_SUCH_GROUP], {}],
  ])('%s', async (_what, code, edits, body) => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      const before = await readiness(stack);
      const answer = await push(stack, { text: await cafeText(...edits) });
      expect(answer).toMatchObject({ status: 422, body: { code, ...body } });
      expect(await numbers(stack)).toEqual([1]);
      expect(await readiness(stack)).toEqual(before);
    });
  });

  it('unless somebody pushes despite what is wrong out there; then the record says so', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      const text = await cafeText(NO_SUCH_GROUP);
      expect(await push(stack, { text, despite: true })).toMatchObject({ status: 200 });
      const [version] = await versions(stack);
      expect(version?.despite).toContainEqual(expect.stringContaining('failovergroup-tea'));
    });
  });

  it.each(['operator', 'approver', 'automation', 'viewer', 'chief'])('by %s', async (as) => {
    await withDeployedPlans(async (stack) => {
      expect(await push(stack, { text: await cafeText(), as })).toMatchObject({
        status: 403,
        body: { code: 'FORBIDDEN' },
      });
      expect(await plans(stack)).toEqual([]);
    });
  });
});

/** As somebody does who edits the newest text in its container. */
async function spoil(stack: VirtualStack, text: string): Promise<void> {
  const [version] = await versions(stack);
  const document = `${CAFE}/${version?.hash ?? ''}.yaml`;
  await stack.clock.run(() => stack.blobs.put('plans', document, text, 'application/yaml'));
}

describe('what is known of a plan', () => {
  const HOME = ['home: east', 'home: west'] as const;
  const DATABASES = ["west: '${west.database}'", "west: '${east.database}'"] as const;

  it('stays true when its home changes: it serves from where it served', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      await push(stack, { text: await cafeText(HOME), despite: true });
      expect(await plans(stack)).toMatchObject([{ home: 'west', active: 'east' }]);
    });
  });

  it('stays true when its home changes after its text was spoilt', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      await spoil(stack, 'hands off: [\n');
      await pass(stack, 400);
      await push(stack, { text: await cafeText(HOME), despite: true });
      expect(await plans(stack)).toMatchObject([{ home: 'west', active: 'east' }]);
    });
  });

  it.each([
    ['is forgotten', DATABASES, false],
    ['is kept', LONGER, true],
  ])('of its lag %s by a push of %j', async (_what, edit, isKept) => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      await pass(stack, 90);
      expect(await lagOf(stack)).not.toBeNull();
      await push(stack, { text: await cafeText(edit), despite: true });
      expect((await lagOf(stack)) !== null).toBe(isKept);
    });
  });

  function lagOf({ clock, tables }: VirtualStack): Promise<unknown> {
    return clock.run(() => createPlanStates(tables).lag(CAFE));
  }
});

describe('a plan that is retired', () => {
  it('is not listed and cannot be started, and comes back with the next version', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      expect(await retire(stack)).toMatchObject({
        status: 200,
        body: { number: 2, retired: true },
      });
      expect(await plans(stack)).toEqual([]);
      expect(await start(stack, MOVE)).toMatchObject({ status: 404 });
      expect(await push(stack, { text: await cafeText() })).toMatchObject({
        body: { version: { number: 3 }, unchanged: false },
      });
      expect(await numbers(stack)).toEqual([3, 2, 1]);
      expect((await plans(stack)).map(({ name }) => name)).toEqual([CAFE]);
    });
  });

  it('is none while an execution of it is under way', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      const { id } = await start(stack, MOVE);
      expect(await retire(stack)).toMatchObject({
        status: 409,
        body: { code: 'LOCKED', execution: id },
      });
      expect((await plans(stack)).map(({ name }) => name)).toEqual([CAFE]);
    });
  });

  it('is watched no more', async () => {
    await withDeployedPlans(async (stack) => {
      await prepare(stack, 'planned');
      await push(stack, { text: await cafeText() });
      await retire(stack);
      stack.simulator.control.outage('eastus', 'data');
      await pass(stack, 900);
      const { body } = await ask(stack, { path: '/api/executions' });
      expect(body).toEqual({ executions: [] });
    });
  });
});

describe('a plan whose text was damaged by hand', () => {
  const DAMAGE = [
    ['is nonsense', 'hands off: [\n'],
    ['was edited', undefined],
  ] as const;

  it.each(DAMAGE)(
    '%s: is reported and cannot be run, others can, and a push mends it',
    async (_what, given) => {
      const said: string[] = [];
      const log = ({ message, data }: { message: string; data?: object }): void => {
        if (data !== undefined && 'what' in data && data.what === 'readiness-critical')
          said.push(message);
      };
      await withDeployedPlans(
        async (stack) => {
          await prepare(stack, 'planned');
          const other = (await cafeText()).replace(`name: ${CAFE}`, 'name: other');
          await push(stack, { text: await cafeText() });
          await push(stack, { text: other, name: 'other' });
          await spoil(stack, given ?? (await cafeText(LONGER)));
          // Until it is read again the very text that was pushed counts.
          await pass(stack, 400);
          expect(await plans(stack)).toMatchObject([
            { name: 'other', problems: [] },
            { name: CAFE, problems: [expect.stringContaining('somebody has changed it')] },
          ]);
          expect(await readiness(stack)).toMatchObject({
            findings: [{ severity: 'critical' }],
            otherSite: { ready: 'no' },
          });
          expect(await start(stack, MOVE)).toMatchObject({
            status: 422,
            body: { code: 'PLAN_INVALID' },
          });
          for (const path of ['', '/watch', '/permissions'])
            expect(await ask(stack, { path: `/api/plans/${CAFE}${path}` })).toMatchObject({
              status: 422,
              body: { detail: expect.stringContaining('somebody has changed it') as string },
            });
          await pass(stack, 300);
          expect(said.filter((one) => one.includes('cannot be read'))).toHaveLength(1);
          const { status } = await ask(stack, {
            path: '/api/plans/other/executions',
            as: 'operator',
            body: { kind: 'drill', level: 'validate', reason: 'a test' },
          });
          expect(status).toBe(202);
          // The very same text, too: it comes back, and the record says who brought it back.
          const text = given === undefined ? await cafeText(LONGEST) : await cafeText();
          expect(await push(stack, { text })).toMatchObject({
            status: 200,
            body: { unchanged: false, version: { number: 2 } },
          });
          expect(await textOf(stack, 'newest')).toBe(text);
          expect(await start(stack, MOVE)).toMatchObject({ status: 202 });
        },
        { log },
      );
    },
  );
});

describe('where plans come with the package', () => {
  it.each([
    ['PUT', `/api/plans/${CAFE}?reason=a+test`],
    ['DELETE', `/api/plans/${CAFE}?reason=a+test`],
    ['GET', `/api/plans/${CAFE}/versions`],
    ['GET', `/api/plans/${CAFE}/versions/newest`],
  ])('%s %s says so', async (method, path) => {
    await withDeployedPlans(
      async (stack) => {
        const body = method === 'PUT' ? { body: await cafeText() } : {};
        const headers = { 'content-type': 'application/yaml' };
        expect(await ask(stack, { method, path, as: 'author', headers, ...body })).toMatchObject({
          status: 409,
          body: { code: 'PLANS_IN_PACKAGE' },
        });
      },
      { settings: { SWITCHOVER_PLANS: 'plans' } },
    );
  });
});
