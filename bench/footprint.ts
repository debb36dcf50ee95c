import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { APP } from '../packaging/app.ts';
import { makePackage } from '../packaging/package.ts';
import { withSpread } from './figures.ts';

const ROUNDS = 9;
/** What the Functions worker loads in any case: our own is what comes on top. */
const PLATFORM =
  "import * as functions from '@azure/functions'; import * as durable from 'durable-functions'; export { functions, durable };";

/** What is deployed and what it takes to load it, bundled and not. */
export async function run(): Promise<void> {
  // Inside the repository: what is not bundled is looked up from here.
  const folder = await mkdtemp('dist/footprint-');
  try {
    const ways = await prepare(folder);
    const rounds: Round[] = [];
    // The ways take turns, so that what else this machine does falls on all of them.
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({
        platform: load(ways.platform),
        bundled: load(ways.bundled),
        loose: load(ways.loose),
      });
    }
    await reportSize();
    reportLoading(rounds);
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Way = 'platform' | 'bundled' | 'loose';
type Round = Readonly<Record<Way, Loading>>;

interface Loading {
  /** Milliseconds of processor time: says less of what else the machine does than the time that passes. */
  readonly cpu: number;
  readonly wall: number;
  /** Megabytes of resident memory more than before. */
  readonly memory: number;
}

async function prepare(folder: string): Promise<Readonly<Record<Way, string>>> {
  const outdir = (way: Way): string => join(folder, way);
  const { entryPoints, ...options } = APP;
  const stdin = { contents: PLATFORM, resolveDir: '.', sourcefile: 'main.js' };
  await build({ ...options, stdin, outdir: outdir('platform'), entryNames: 'main' });
  await build({ ...options, entryPoints, outdir: outdir('bundled') });
  await build({ ...options, entryPoints, outdir: outdir('loose'), packages: 'external' });
  const main = (way: Way): string => join(process.cwd(), outdir(way), 'main.js');
  return { platform: main('platform'), bundled: main('bundled'), loose: main('loose') };
}

/** Loads it as the worker does, in a process of its own. Without a host the SDK keeps to itself what is registered. */
function load(file: string): Loading {
  const program = `
    const used = process.cpuUsage(), memory = process.memoryUsage.rss(), began = performance.now();
    await import(${JSON.stringify(file)});
    const wall = performance.now() - began, { user, system } = process.cpuUsage(used);
    const more = process.memoryUsage.rss() - memory;
    console.log('LOADED', JSON.stringify({ cpu: (user + system) / 1e3, wall, memory: more / 1e6 }));
    process.exit();`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', program],
    {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], AzureWebJobsStorage: 'UseDevelopmentStorage=true' },
    },
  );
  const [, loading] = /^LOADED (.+)$/m.exec(stdout) ?? [];
  if (loading === undefined) throw new Error(`${file} could not be loaded: ${stderr}`);
  return JSON.parse(loading) as Loading;
}

async function reportSize(): Promise<void> {
  const { zip, packages } = await makePackage();
  const loose = await productionPackages();
  const sizes = await Promise.all(loose.map(sizeOf));
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(`The package         ${megabytes(zip.length)}, code of ${packages.length} packages`);
  console.log(
    `Its packages, loose ${megabytes(sizes.reduce((sum, one) => sum + one, 0))} on disk, ${loose.length} packages`,
  );
}

async function productionPackages(): Promise<readonly string[]> {
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Readonly<Record<string, { dev?: boolean }>>;
  };
  return Object.entries(lock.packages)
    .filter(([folder, { dev = false }]) => folder !== '' && !dev && existsSync(folder))
    .map(([folder]) => folder);
}

/** Packages within a package are counted by themselves. */
async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true });
  const sizes = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return (await stat(path)).size;
    return entry.name === 'node_modules' ? 0 : sizeOf(path);
  });
  return (await Promise.all(sizes)).reduce((sum, one) => sum + one, 0);
}

function reportLoading(rounds: readonly Round[]): void {
  console.log(`\nLoading, ${ROUNDS} rounds; the median (lowest to highest):`);
  const row = (name: string, figure: (round: Round) => number, digits = 0): void =>
    console.log(`  ${name.padEnd(52)} ${withSpread(rounds.map(figure), digits)}`);
  row('SDKs of Functions and Durable alone, CPU ms', ({ platform }) => platform.cpu);
  row('the app, CPU ms', ({ bundled }) => bundled.cpu);
  row('  of it our own, CPU ms', ({ bundled, platform }) => bundled.cpu - platform.cpu);
  row('  not bundled, as a multiple of it', ({ bundled, loose }) => loose.cpu / bundled.cpu, 2);
  row('the app, ms that pass', ({ bundled }) => bundled.wall);
  row('  of it our own, ms that pass', ({ bundled, platform }) => bundled.wall - platform.wall);
  row('  not bundled, as a multiple of it', ({ bundled, loose }) => loose.wall / bundled.wall, 2);
  row('the app, MB of memory', ({ bundled }) => bundled.memory);
  row('  of it our own, MB', ({ bundled, platform }) => bundled.memory - platform.memory);
  row(
    '  not bundled, as a multiple of it',
    ({ bundled, loose }) => loose.memory / bundled.memory,
    2,
  );
}
