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
  await runAlone(only);
} else {
  const chosen = given.length === 0 ? names : given;
  const failed = chosen.filter((name) => !writeSection(name, measured(name)));
  if (failed.length > 0) {
    console.error(
      `Not measured to the end, so left as they stood on the page: ${failed.join(', ')}.`,
    );
    process.exitCode = 1;
  }
}

/** Whatever ends it before it is through, an early exit or an event loop that runs dry, it has not succeeded. */
async function runAlone(name: string): Promise<void> {
  process.exitCode = 1;
  const { run } = (await import(`./${name}.ts`)) as { run: () => Promise<void> };
  await run();
  process.exitCode = 0;
}

/** In a process of its own: what one has compiled and kept must not count for the next. Null when it did not end well. */
function measured(name: string): string | null {
  console.log(`\n${name}`);
  const began = performance.now();
  const { status, signal, error, stdout } = spawnSync(
    process.execPath,
    [import.meta.filename, name],
    { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  console.log(stdout);
  console.log(`${name} took ${((performance.now() - began) / 60_000).toFixed(1)} min.`);
  if (status === 0) return stdout.trim();
  const how = error?.message ?? (signal === null ? `exit code ${status}` : `signal ${signal}`);
  console.error(`The benchmark "${name}" ended with ${how}.`);
  return null;
}

/** Tables stay tables; everything else is shown as it was printed. */
function writeSection(name: string, printed: string | null): boolean {
  if (printed === null) return false;
  const isTable = printed.startsWith('|');
  const section = `## ${name}\n\n${isTable ? printed : `\`\`\`text\n${printed}\n\`\`\``}\n`;
  const [head = '', ...others] = readFileSync(PAGE, 'utf8').split(/^(?=## )/m);
  const kept = others.filter((other) => !other.startsWith(`## ${name}\n`));
  const sections = [...kept, section].map((one) => one.trim()).sort();
  writeFileSync(PAGE, `${[head.trim(), ...sections].join('\n\n')}\n`);
  return true;
}
