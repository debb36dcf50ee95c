// Measures: npm run bench -- NAME… prints; with --write, or without a name, docs/benchmarks.md is written, too.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';

const PAGE = 'docs/benchmarks.md';
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => name !== 'run' && name !== 'figures');
const given = process.argv.slice(2).filter((name) => name !== '--write');
const unknown = given.find((name) => !names.includes(name));
const [only] = given;

if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}". There are: ${names.join(', ')}.`);
  process.exitCode = 2;
} else if (only !== undefined && given.length === 1 && !process.argv.includes('--write')) {
  const { run } = (await import(`./${only}.ts`)) as { run: () => Promise<void> };
  await run();
} else {
  const chosen = given.length === 0 ? names : given;
  for (const name of chosen) writeSection(name, measured(name));
}

/** In a process of its own: what one has compiled and kept must not count for the next. */
function measured(name: string): string {
  console.log(`\n${name}`);
  const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The benchmark "${name}" failed.`);
  console.log(stdout);
  return stdout.trim();
}

/** Tables stay tables; everything else is shown as it was printed. */
function writeSection(name: string, printed: string): void {
  const isTable = printed.startsWith('|');
  const section = `## ${name}\n\n${isTable ? printed : `\`\`\`text\n${printed}\n\`\`\``}\n`;
  const [head = '', ...others] = readFileSync(PAGE, 'utf8').split(/^(?=## )/m);
  const kept = others.filter((other) => !other.startsWith(`## ${name}\n`));
  const sections = [...kept, section].map((one) => one.trim()).sort();
  writeFileSync(PAGE, `${[head.trim(), ...sections].join('\n\n')}\n`);
}
