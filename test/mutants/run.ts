import { rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { optionsOf } from '../../local/options.ts';
import { drawSchedule } from '../../local/simulate/draw.ts';
import { judge } from '../../local/simulate/properties/index.ts';
import { runSchedule } from '../../local/simulate/run.ts';
import type { RunParts } from '../../local/simulate/run.ts';
import type { Schedule } from '../../local/simulate/schedule.ts';
import { BUNDLE } from '../../packaging/app.ts';
import { MUTANTS } from './mutants.ts';
import type { Mutant } from './mutants.ts';

/**
 * Builds the app with one deliberate bug at a time and lets the simulation look for it. A proof that never fails
 * proves nothing: whoever adds a rule adds the mutant that breaks it. `npm run mutants -- TEXT` takes those named so.
 */
const names = MUTANTS.map(({ name }) => `  ${name}`).join('\n');
const command = new Command('npm run mutants --')
  .description(
    'Builds the app with one deliberate bug at a time, and lets the simulation look for it.',
  )
  .argument('[text]', 'only the bugs with this in their names')
  .addHelpText('after', `\nBugs:\n${names}`);
optionsOf(command, process.argv.slice(2));
const [wanted = ''] = command.args;
const chosen = MUTANTS.filter(({ name }) => name.includes(wanted));
if (chosen.length === 0) {
  console.error(`No bug has "${wanted}" in its name. There are:\n${names}`);
  process.exit(2);
}
const folder = await mkdtemp(resolve('dist', 'mutants-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
process.once('SIGINT', () => process.exit(130)).once('SIGTERM', () => process.exit(143));
const sound = partsOf(pathToFileURL(resolve('dist', 'local', 'app.js')));
const survivors: string[] = [];
for (const mutant of chosen) {
  const found = await hunt(mutant);
  if (found === null) survivors.push(mutant.name);
  const result = found ?? `SURVIVED ${mutant.seeds} seeds`;
  console.log(`| ${mutant.name} | ${mutant.seeds} | ${result} |`);
}
console.log(`${chosen.length - survivors.length} of ${chosen.length} mutants found`);
process.exitCode = survivors.length === 0 ? 0 : 1;

/** A promise that the app itself breaks with that seed is no discovery: the sound app is asked, too. */
async function hunt(mutant: Mutant): Promise<string | null> {
  const parts = partsOf(await bundleOf(mutant));
  for (let seed = 1; seed <= mutant.seeds; seed += 1) {
    const schedule = drawSchedule(seed);
    if (mutant.where !== undefined && !hasPart(schedule, mutant.where)) continue;
    const broken = await brokenBy(schedule, parts);
    if (broken.size === 0) continue;
    const anyway = await brokenBy(schedule, sound);
    const own = [...broken].filter((name) => !anyway.has(name));
    if (own.length > 0) return `${seed} (${own.join(', ')})`;
    console.log(`The app itself breaks ${[...anyway].join(', ')} with seed ${seed}.`);
  }
  return null;
}

function hasPart({ plan }: Schedule, part: NonNullable<Mutant['where']>): boolean {
  return plan[part] !== undefined && plan[part] !== 0;
}

function partsOf(bundle: URL): RunParts {
  return { bundle, readPlan: (file) => readFile(join('plans', file), 'utf8') };
}

async function brokenBy(schedule: Schedule, parts: RunParts): Promise<ReadonlySet<string>> {
  try {
    const broken = judge(await runSchedule(schedule, parts));
    return new Set(broken.map(({ property }) => property));
  } catch (error) {
    // A bug that stops the whole simulation is found, too.
    return new Set([error instanceof Error ? error.message.split('\n', 1).join() : String(error)]);
  }
}

async function bundleOf(mutant: Mutant): Promise<URL> {
  const outfile = join(folder, `${MUTANTS.indexOf(mutant)}.js`);
  await build({
    ...BUNDLE,
    sourcemap: false,
    entryPoints: ['local/app.ts'],
    outfile,
    external: ['@azure/functions-core'],
    plugins: [mutation(mutant)],
  });
  return pathToFileURL(outfile);
}

function mutation({ file, text, becomes }: Mutant): Plugin {
  const path = resolve(file);
  return {
    name: 'mutation',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, async (args) => {
        if (args.path !== path) return undefined;
        const source = await readFile(path, 'utf8');
        return { contents: source.replace(text, () => becomes), loader: 'ts' };
      });
    },
  };
}
