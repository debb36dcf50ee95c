import { afterEach, describe, expect, it, vi } from 'vitest';
import type { VirtualStack } from '../../local/stack/virtual-stack.ts';
import { CAFE, cafeText, push, withDeployedPlans } from '../support/deployed.ts';
import { prepare } from '../support/failover.ts';
import { run } from '../unit/cli/cli.ts';
import type { Ran } from '../unit/cli/cli.ts';

const FILE = `plans/${CAFE}.yaml`;
const LONGER = ['timeout: 15m', 'timeout: 16m'] as const;

afterEach(() => vi.unstubAllGlobals());

type Cli = (line: string, text?: string, as?: string) => Promise<Ran>;

/** The command line against an app whose plans are pushed; `text` is what the plan file holds. */
async function withCli(work: (cli: Cli, stack: VirtualStack) => Promise<void>): Promise<void> {
  await withDeployedPlans(async (stack) => {
    await prepare(stack, 'planned');
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const answer = await stack.host.fetch({
        url: url.replace('http://127.0.0.1:1', ''),
        ...(init.method === undefined ? {} : { method: init.method }),
        headers: init.headers as Record<string, string>,
        ...(typeof init.body === 'string' ? { body: init.body } : {}),
      });
      const headers = { 'content-type': String(answer.headers['content-type']) };
      return new Response(answer.text(), { status: answer.status, headers });
    });
    const cli: Cli = (line, text, as = 'author') =>
      run(line, {
        ...{ url: 'http://127.0.0.1:1', token: `local:${as}` },
        files: text === undefined ? {} : { [FILE]: text },
      });
    await work(cli, stack);
  });
}

const PUSH = `plan push ${FILE} --reason "a test"`;

describe('switchover plan push', () => {
  it('makes the file the newest version, which the list names with who and when', async () => {
    await withCli(async (cli) => {
      expect((await cli('plans')).talk).toContain('switchover plan push FILE');
      const pushed = await cli(PUSH, await cafeText());
      expect([pushed.code, pushed.out]).toEqual([
        0,
        expect.stringContaining(`${CAFE}: version 1 is pushed`),
      ]);
      const { out } = await cli('plans');
      expect(out).toMatch(
        /websphere-cafe +east +at rest +1, 2026-11-21T10:03Z author@example\.com/,
      );
      expect((await cli(PUSH, await cafeText(LONGER))).out).toContain('version 2 is pushed');
      expect((await cli(PUSH, await cafeText(LONGER))).out).toContain('says the same already');
    });
  });

  it.each<[string, number, RegExp, () => Promise<readonly [line: string, text: string]>]>([
    [
      'an invalid file, with its place',
      2,
      /^error: plans\/websphere-cafe\.yaml:62:\d+: dataLoss\.limit: /,
      async () => [PUSH, await cafeText(['limit: 10m', 'limit: much'])],
    ],
    [
      'a plan that could not be run',
      3,
      /could not be run like this[^]*critical: [^]*failovergroup-tea[^]*--despite-findings/,
      async () => [PUSH, await cafeText(['failovergroup-cafe', 'failovergroup-tea'])],
    ],
    [
      'what was made from an older version',
      3,
      /the newest is version 1, pushed by author@example\.com at [^]*: somebody else[^]*plan diff/,
      async () => [`${PUSH} --base 0`, await cafeText(LONGER)],
    ],
  ])('refuses %s: exit code %i', async (_what, code, why, given) => {
    await withCli(async (cli, stack) => {
      await push(stack, { text: await cafeText(), reason: 'somebody else' });
      const ran = await cli(...(await given()));
      expect([ran.code, ran.talk]).toEqual([code, expect.stringMatching(why)]);
      expect((await cli('plan history websphere-cafe')).out.split('\n')).toHaveLength(2);
    });
  });

  it('is refused to an operator: exit code 3', async () => {
    await withCli(async (cli) => {
      const ran = await cli(PUSH, await cafeText(), 'operator');
      expect([ran.code, ran.talk]).toEqual([3, expect.stringContaining('the role Author')]);
    });
  });
});

describe('switchover plan pull', () => {
  it('brings an earlier version back, comments and all', async () => {
    await withCli(async (cli) => {
      const first = `# by hand\n${await cafeText()}`;
      await cli(PUSH, first);
      await cli(PUSH, await cafeText(LONGER));
      expect((await cli('plan pull websphere-cafe')).out).toContain('timeout: 16m');
      const pulled = await cli('plan pull websphere-cafe --at 1 -o old.yaml');
      expect(pulled.written).toEqual({ 'old.yaml': first });
      expect(pulled.talk).toContain('version 1, pushed by author@example.com');
      expect((await cli(PUSH, pulled.written['old.yaml'])).out).toContain('version 3 is pushed');
    });
  });

  it.each(['plan pull tea', 'plan pull websphere-cafe --at 9'])('knows no %s', async (line) => {
    await withCli(async (cli) => {
      await cli(PUSH, await cafeText());
      expect((await cli(line)).code).toBe(2);
    });
  });
});

describe('switchover plan diff', () => {
  it('shows what differs and says what it means: exit code 1', async () => {
    await withCli(async (cli) => {
      await cli(PUSH, await cafeText());
      const { code, out } = await cli(`plan diff ${FILE}`, await cafeText(LONGER));
      expect(code).toBe(1);
      expect(out).toMatch(/^- +timeout: 15m$/m);
      expect(out).toMatch(/^\+ +timeout: 16m$/m);
      expect(out).toMatch(/^- step database: timeoutSeconds: 900 becomes 960$/m);
    });
  });

  it.each<[string, number, string, (text: string) => string]>([
    ['the same text', 0, 'version 1, pushed by', (text) => text],
    ['another comment', 1, 'It means the same', (text) => `# more\n${text}`],
    [
      'a plan that is new',
      1,
      'was never pushed',
      (text) => text.replace(/^name: .*/m, 'name: tea'),
    ],
  ])('of %s: exit code %i', async (_what, code, says, edit) => {
    await withCli(async (cli) => {
      await cli(PUSH, await cafeText());
      const ran = await cli(`plan diff ${FILE}`, edit(await cafeText()));
      expect([ran.code, ran.out]).toEqual([code, expect.stringContaining(says)]);
    });
  });
});

describe('switchover plan retire', () => {
  it('ends the plan when its name is typed; the history says so', async () => {
    await withCli(async (cli) => {
      await cli(PUSH, await cafeText());
      expect((await cli('plan retire websphere-cafe --reason over')).code).toBe(2);
      const ran = await cli('plan retire websphere-cafe --reason over --confirm websphere-cafe');
      expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('by version 2')]);
      expect((await cli('plan history websphere-cafe')).out).toMatch(/^2 .* retired +over$/m);
      // Whoever has an old copy of it is told what they undo.
      const again = await cli(PUSH, await cafeText());
      expect(again.out).toMatch(/^It comes back after version 2, retired by .*: over$/m);
    });
  });
});
