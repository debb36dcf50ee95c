import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundledPackage } from './bundled.ts';

const LINE = '-'.repeat(80);

/** The licence texts that must go where the code goes, each once, after the packages that are under it. */
export async function licenceTexts(packages: readonly BundledPackage[]): Promise<string> {
  const under = new Map<string, string[]>();
  for (const one of packages) {
    const text = await licenceText(one);
    const title = `${one.name} ${one.version} (${one.license})`;
    under.set(text, [...(under.get(text) ?? []), title]);
  }
  const parts = [...under].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
  return `This package contains code of the packages below.\n\n${parts.join(`\n${LINE}\n\n`)}`;
}

async function licenceText({ folder, license }: BundledPackage): Promise<string> {
  const files = (await readdir(folder)).filter((file) =>
    /^(licen[cs]e|notice|copying)/i.test(file),
  );
  const texts = files.sort().map(async (file) => readFile(join(folder, file), 'utf8'));
  const text = (await Promise.all(texts)).join('\n\n').replaceAll('\r\n', '\n').trim();
  return text === ''
    ? `The package declares the licence ${license} and brings no text of it.`
    : text;
}
