import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** The repository's own rules, without those that need types: the snippets are files that are not there. */
const eslint = new ESLint({ overrideConfig: tseslint.configs.disableTypeChecked });

const FENCES = [
  'house/downwards',
  'no-console',
  'no-restricted-globals',
  'no-restricted-imports',
  'no-restricted-properties',
  'no-restricted-syntax',
];

/** The lines of a file that the linter's fences refuse. */
export async function complaints(filePath: string, lines: readonly string[]): Promise<string[]> {
  const [result] = await eslint.lintText(lines.join('\n'), { filePath });
  const messages = result?.messages ?? [];
  const broken = messages.find(({ fatal }) => fatal === true);
  if (broken !== undefined) throw new Error(`${filePath}: ${broken.message}`);
  const refused = messages
    .filter(({ ruleId }) => ruleId !== null && FENCES.includes(ruleId))
    .map(({ line }) => lines[line - 1] ?? '');
  return [...new Set(refused)];
}
