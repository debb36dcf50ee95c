import { readFileSync } from 'node:fs';
import { format } from 'prettier';

export const ROOT = `${import.meta.dirname}/../..`;
const BEGIN = '<!-- From here to the end mark the page is made of the code: npm run docs -->';
const END = '<!-- end -->';

/** The page with what stands between its marks made anew. What people wrote around them stays. */
export async function pageWith(file: string, made: string): Promise<string> {
  const text = readFileSync(`${ROOT}/${file}`, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`${file} needs the lines "${BEGIN}" and "${END}".`);
  }
  return format(`${before}${BEGIN}\n\n${made}\n\n${END}${after}`, {
    parser: 'markdown',
    printWidth: 100,
    singleQuote: true,
  });
}
