import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './page.ts';
import { PAGES, pageText, withoutFences } from './prose.ts';

/** As the sites that show Markdown make them. */
function anchorsOf(page: string): Set<string> {
  const seen = new Map<string, number>();
  const headings = [...withoutFences(pageText(page)).matchAll(/^#{1,6} (.+)$/gm)];
  return new Set(
    headings.map(([, heading = '']) => {
      const plain = heading.toLowerCase().replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
      const before = seen.get(slug) ?? 0;
      seen.set(slug, before + 1);
      return before === 0 ? slug : `${slug}-${before}`;
    }),
  );
}

function brokenIn(page: string): string[] {
  const links = [...withoutFences(pageText(page)).matchAll(/\]\(([^)\s]+)\)/g)];
  return links
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target) && !leads(page, target));
}

function leads(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const to = path === '' ? page : join(dirname(page), path);
  if (to.startsWith('..') || !existsSync(`${ROOT}/${to}`)) return false;
  if (anchor === undefined) return true;
  return statSync(`${ROOT}/${to}`).isFile() && anchorsOf(to).has(anchor);
}

describe('links of the documentation', () => {
  it.each(PAGES)('lead somewhere: %s', (page) => {
    expect(brokenIn(page)).toEqual([]);
  });

  it.each(PAGES.filter((page) => page.startsWith('docs/')))('lead to every page: %s', (page) => {
    const from = PAGES.filter((other) => other !== page).filter((other) =>
      [...pageText(other).matchAll(/\]\(([^)\s#]+)/g)].some(
        ([, target = '']) => join(dirname(other), target) === page,
      ),
    );
    expect(from).not.toEqual([]);
  });
});
