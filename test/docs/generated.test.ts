import { describe, expect, it } from 'vitest';
import { FAILURES, MISTAKES } from '../../src/core/errors.ts';
import { SETTING_NAMES } from '../../src/settings.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { commandsPage } from './commands.ts';
import { aboutOf, kindsPage } from './kinds.ts';
import { ROOT, pageWith } from './page.ts';
import { planPage } from './plan.ts';
import { pageText } from './prose.ts';
import { routesPage } from './routes.ts';
import { telemetryPage } from './telemetry.ts';

/** `npm run docs` writes them anew. */
describe('what the documentation says of the code', () => {
  it.each([
    ['docs/plan-reference.md', planPage],
    ['docs/step-kinds.md', kindsPage],
    ['docs/cli.md', commandsPage],
    ['docs/http-api.md', routesPage],
    ['docs/telemetry.md', telemetryPage],
  ])('is so: %s', async (file, made) => {
    await expect(await pageWith(file, made())).toMatchFileSnapshot(`${ROOT}/${file}`);
  });

  it.each([
    ['plans', planPage],
    ['kinds of steps', kindsPage],
  ])('tells the meaning of every field of %s', (_of, made) => {
    const rows = made().match(/^\| `[^`]+` \|.*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(50);
    expect(rows.filter((row) => / \|  \|$/.test(row))).toEqual([]);
  });

  it.each(stepKinds.map((kind) => [kind.uses, kind] as const))(
    'shows an example of %s that is valid',
    (_uses, kind) => {
      expect(kind.settings.safeParse(aboutOf(kind).example)).toMatchObject({ success: true });
    },
  );

  it('tells every code of an error', () => {
    const page = pageText('docs/http-api.md');
    // A wrong setting keeps the app from starting: nobody is answered with it.
    const codes = Object.keys({ ...MISTAKES, ...FAILURES }).filter(
      (one) => one !== 'SETTING_INVALID',
    );
    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
  });

  it('tells every setting of the app', () => {
    const rows =
      pageText('docs/operations.md')
        .match(/^\| `[A-Z].*$/gm)
        ?.join('\n') ?? '';
    expect(SETTING_NAMES.filter((name) => !rows.includes(`\`${name}\``))).toEqual([]);
  });
});
