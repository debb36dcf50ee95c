import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { ROOT } from './page.ts';
import { PAGES, inlineCode, pageText, shellLines } from './prose.ts';

const { scripts } = JSON.parse(readFileSync(`${ROOT}/package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
/** Of the program itself. */
const EVERYWHERE = ['--no-input', '--no-color', '--help'];

/** The words of each command of a line, quotes taken off. */
function commandsIn(line: string): string[][] {
  return line
    .replaceAll(/\d?>\s*\S+/g, '')
    .split(/\s*(?:&&|\|\||;|\||\$\(|\))\s*/)
    .map((part) => [...part.matchAll(/"[^"]*"|'[^']*'|\S+/g)].map(([word]) => word))
    .map((words) => words.filter((word) => !/^[A-Z_]+=/.test(word)))
    .filter((words) => words.length > 0);
}

/** Null when it exists as it is shown. An abbreviated one (…) may leave out what is required. */
function complaintAbout(words: readonly string[], whole: boolean): string | null {
  const [first, second, third] = words;
  if (first === 'npm') {
    const script = second === 'run' ? third : second;
    return script === 'ci' || script === 'install' || (script ?? '') in scripts
      ? null
      : `no script ${script}`;
  }
  if (first === 'npx' && second === 'switchover') return commandLine(words.slice(2), whole);
  return first === 'switchover' ? commandLine(words.slice(1), whole) : null;
}

/** `--output` of `-o, --output <file>`. */
function longOf(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? '';
}

function commandLine(words: readonly string[], whole: boolean): string | null {
  if (words.length === 0 || words[0] === '--help') return null;
  const command = commands
    .filter(({ path }) => path.every((word, index) => words[index] === word))
    .sort((left, right) => right.path.length - left.path.length)[0];
  if (command === undefined) return `no command ${words.join(' ')}`;
  const flags = new Map((command.options ?? []).map((option) => [longOf(option.flags), option]));
  const given = words.filter((word) => word.startsWith('--'));
  const unknown = given.find((flag) => !flags.has(flag) && !EVERYWHERE.includes(flag));
  if (unknown !== undefined) return `${command.path.join(' ')} has no ${unknown}`;
  if (!whole) return null;
  const missing = [...flags.values()].find(
    ({ flags: one, required }) => required === true && !given.includes(longOf(one)),
  );
  if (missing !== undefined) return `${command.path.join(' ')} needs ${missing.flags}`;
  const values = given.filter((flag) => flags.get(flag)?.flags.includes(' ') === true).length;
  // Of an option that takes several values nobody can tell where they end.
  if (given.some((flag) => flags.get(flag)?.flags.includes('...') === true)) return null;
  const bare = words.filter((word) => !word.startsWith('--')).length;
  return bare - values - command.path.length === (command.arguments ?? []).length
    ? null
    : `${command.path.join(' ')} takes ${(command.arguments ?? []).length} arguments`;
}

describe('commands that the documentation shows', () => {
  it.each(PAGES)('exist, and take what they are given: %s', (page) => {
    const text = pageText(page);
    const blocks = shellLines(text).flatMap((line) =>
      commandsIn(line).map((words) => complaintAbout(words, !line.includes('…'))),
    );
    const inline = inlineCode(text)
      .filter((code) => /^(?:npm (?:run|test|start)|(?:npx )?switchover [a-z])/.test(code))
      .flatMap((code) => commandsIn(code.replaceAll(/[[\]]|\\\|\S+/g, '')))
      .map((words) => complaintAbout(words, false));
    expect([...blocks, ...inline].filter((complaint) => complaint !== null)).toEqual([]);
  });

  it('would be missed if they did not', () => {
    expect(complaintAbout(['npm', 'run', 'nothing'], true)).not.toBeNull();
    expect(complaintAbout(['switchover', 'flee', 'cafe'], true)).not.toBeNull();
    expect(complaintAbout(['switchover', 'plans', '--colour'], true)).not.toBeNull();
    expect(complaintAbout(['switchover', 'failover', 'cafe'], true)).not.toBeNull();
    expect(complaintAbout(['switchover', 'plan', 'show'], true)).not.toBeNull();
    expect(complaintAbout(['switchover', 'plan', 'show', 'cafe'], true)).toBeNull();
  });
});
