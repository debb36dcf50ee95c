import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackage } from '../../packaging/package.ts';
import type { Package } from '../../packaging/package.ts';
import { openSockets } from '../support/sockets.ts';

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly object[];
}

let made: Package;
let files: Readonly<Record<string, Uint8Array>>;

beforeAll(async () => {
  made = await makePackage();
  files = unzipSync(made.zip);
});

const text = (path: string): string => Buffer.from(files[path]!).toString();

describe('the package', () => {
  it('is the same, bit for bit, when it is made again, later and in another time zone', async () => {
    const zone = process.env['TZ'];
    process.env['TZ'] = 'Pacific/Auckland';
    try {
      const again = await makePackage();
      expect([again.hash, again.bill]).toEqual([made.hash, made.bill]);
    } finally {
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
    expect(createHash('sha256').update(made.zip).digest('hex')).toBe(made.hash);
  });

  it('has what the host loads, the plans, and nothing else', () => {
    const others = Object.keys(files).filter((path) => !path.startsWith('dist/app/'));
    expect(others).toEqual([
      'LICENSE',
      'host.json',
      'licences.txt',
      'package.json',
      'plans/websphere-cafe-as-published.yaml',
      'plans/websphere-cafe.yaml',
    ]);
    const about = JSON.parse(text('package.json')) as Record<string, unknown>;
    expect(about).toMatchObject({ type: 'module', main: 'dist/app/main.js' });
    expect(about).not.toHaveProperty('dependencies');
    expect(about).not.toHaveProperty('scripts');
  });

  it('is no larger than two megabytes', () => {
    expect(made.zip.length).toBeLessThan(2_000_000);
  });

  it('says nothing of the machine that made it', () => {
    for (const path of Object.keys(files)) expect(text(path)).not.toContain(process.cwd());
  });

  it('loads the SDKs of Resource Manager on first use, not at the start', () => {
    const atStart = new Set<string>();
    const follow = (path: string): void => {
      if (atStart.has(path)) return;
      atStart.add(path);
      const imports = text(path).matchAll(/(?:from|import)\s*"(\.\/[^"]+)"/g);
      for (const [, file = ''] of imports) follow(join('dist/app', file));
    };
    follow('dist/app/main.js');
    expect(atStart.size).toBeGreaterThan(1);
    const scripts = Object.keys(files).filter((path) => path.endsWith('.js'));
    for (const name of [
      'ComputeManagementClient',
      'SqlManagementClient',
      'ManagedIdentityClient',
    ]) {
      // The names of classes are kept as strings.
      const homes = scripts.filter((path) => text(path).includes(`(this,"${name}")`));
      expect(homes, name).toHaveLength(1);
      expect(atStart, name).not.toContain(homes[0]);
    }
  });

  it('maps its own code back to the sources, and nothing of the packages', () => {
    const map = JSON.parse(text('dist/app/main.js.map')) as { sources: string[]; names: string[] };
    const own = map.sources.filter((source) => !source.includes('node_modules'));
    expect(own).toContain('../../src/orchestration/execution/advance.ts');
    for (const source of own.filter((one) => one.startsWith('../../src/')))
      expect(existsSync(join('dist/app', source)), source).toBe(true);
    expect(files['dist/app/main.js.map']!.length).toBeLessThan(1_000_000);
  });
});

describe('the bill of materials', () => {
  const components = (): readonly Component[] =>
    (JSON.parse(made.bill) as { components: readonly Component[] }).components;
  const named = (wanted: string): readonly Component[] =>
    components().filter(({ group, name }) => [group, name].filter(Boolean).join('/') === wanted);

  it('names what is bundled, as it is in the lock file', async () => {
    const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
      packages: Record<string, { version: string; integrity: string }>;
    };
    const { version, integrity } = lock.packages['node_modules/zod']!;
    const [zod] = named('zod');
    expect(zod).toMatchObject({
      version,
      purl: `pkg:npm/zod@${version}`,
      licenses: [{ license: { id: 'MIT' } }],
    });
    expect(`sha512-${Buffer.from(zod!.hashes[0]!.content, 'hex').toString('base64')}`).toBe(
      integrity,
    );
    expect(named('@azure/arm-sql')[0]?.purl).toMatch(/^pkg:npm\/%40azure\/arm-sql@\d/);
  });

  it.each(['esbuild', 'azurite', 'vitest', 'commander'])('leaves out %s', (name) => {
    expect(named(name)).toEqual([]);
  });

  it('has every package of which the texts of licences speak, and no other', () => {
    const told = [...text('licences.txt').matchAll(/^(\S+) (\d\S+) \(.+\)$/gm)].map(
      ([, name, version]) => `${name}@${version}`,
    );
    const billed = components().map(({ purl }) => purl.slice(8).replace('%40', '@'));
    expect(told.sort()).toEqual(billed.sort());
    expect(new Set(billed).size).toBe(billed.length);
  });
});

describe('unzipped, far from the repository', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'package-'));
    for (const [path, contents] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), contents);
    }
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('runs: it is well, and checks a plan against Azure in a drill', async () => {
    const bench = await openSockets({ package: folder });
    try {
      expect(await bench.call('/api/health')).toMatchObject({ status: 200 });
      const started = await bench.call('/api/plans/websphere-cafe/executions', {
        as: 'operator',
        body: { kind: 'drill', level: 'validate', reason: 'is everything in the package?' },
      });
      expect(started).toMatchObject({ status: 202 });
      await expect
        .poll(
          async () =>
            (await bench.call(`/api/executions/${String(started.body['id'])}`, { as: 'viewer' }))
              .body['state'],
          { timeout: 45_000, interval: 500 },
        )
        .toBe('succeeded');
    } finally {
      await bench.stop();
    }
  });
});
