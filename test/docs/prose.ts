import { readFileSync, readdirSync } from 'node:fs';
import { ROOT } from './page.ts';

/** Every page that people read. */
export const PAGES: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(`${ROOT}/docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
];

export function pageText(page: string): string {
  return readFileSync(`${ROOT}/${page}`, 'utf8');
}

const FENCED = /^( *)```(\w*)\n(.*?)^\1```$/gms;

export function withoutFences(text: string): string {
  return text.replaceAll(FENCED, '');
}

/** The lines of its shell blocks, continued ones joined, comments left out. */
export function shellLines(text: string): string[] {
  return [...text.matchAll(FENCED)]
    .filter(([, , language]) => language === 'sh')
    .flatMap(([, , , block = '']) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'))
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** What stands in backticks within a line. */
export function inlineCode(text: string): string[] {
  return [...withoutFences(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}
