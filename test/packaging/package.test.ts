import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePackage } from '../../packaging/package.ts';
import type { Package } from '../../packaging/package.ts';
import { openSockets } from '../support/sockets.ts';

/** By their SPDX names: licences under which code may go into what is shipped under ours. */
const LICENCES = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD'] as const;

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly object[];
}

/** What CycloneDX 1.6 makes of the parts that the bill has: nothing besides, and each as its schema wants it. */
const ref = z.string().regex(/^pkg:npm\/(%40[a-z0-9._-]+\/)?[a-z0-9._-]+@\d+\.\d+\.\d+[\w.-]*$/);
const licenses = z
  .array(z.strictObject({ license: z.strictObject({ id: z.enum(LICENCES) }) }))
  .length(1);
const cycloneDx = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  version: z.literal(1),
  metadata: z.strictObject({
    component: z.strictObject({
      type: z.literal('application'),
      'bom-ref': ref,
      name: z.string(),
      version: z.string(),
      description: z.string(),
      licenses,
    }),
  }),
  components: z.array(
    z.strictObject({
      type: z.literal('library'),
      'bom-ref': ref,
      group: z.string().startsWith('@').optional(),
      name: z.string(),
      version: z.string(),
      hashes: z
        .array(
          z.strictObject({
            alg: z.literal('SHA-512'),
            content: z.string().regex(/^[a-f0-9]{128}$/),
          }),
        )
        .length(1),
      licenses,
      purl: ref,
    }),
  ),
  dependencies: z.array(z.strictObject({ ref, dependsOn: z.array(ref) })),
});

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
      'package.json',
      'plans/websphere-cafe-as-published.yaml',
      'plans/websphere-cafe.yaml',
    ]);
    const about = JSON.parse(text('package.json')) as Record<string, unknown>;
    expect(about).toMatchObject({ type: 'module', main: 'dist/app/main.js' });
    expect(about).not.toHaveProperty('dependencies');
    expect(about).not.toHaveProperty('scripts');
  });

  it('has the app as npm run build makes it, licences too: what azd sends is the same', async () => {
    const built = await readdir('dist/app');
    const packed = Object.keys(files).filter((path) => path.startsWith('dist/app/'));
    expect(packed).toEqual(built.map((name) => `dist/app/${name}`).sort());
    for (const path of packed)
      expect(Buffer.compare(await readFile(path), files[path]!), path).toBe(0);
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
    // What each SDK calls itself before Azure.
    for (const name of ['azsdk-js-arm-compute/', 'azsdk-js-arm-sql/', 'azsdk-js-identity']) {
      const homes = scripts.filter((path) => text(path).includes(name));
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

  it('is as the format wants it', () => {
    expect(() => cycloneDx.parse(JSON.parse(made.bill))).not.toThrow();
  });

  it('tells of each package once what it needs, and nothing is there that nobody needs', () => {
    const bill = cycloneDx.parse(JSON.parse(made.bill));
    const product = bill.metadata.component['bom-ref'];
    const refs = [product, ...bill.components.map((one) => one['bom-ref'])];
    expect(new Set(refs).size).toBe(refs.length);
    expect(bill.dependencies.map((one) => one.ref).sort()).toEqual([...refs].sort());
    const needs = new Map(bill.dependencies.map((one) => [one.ref, one.dependsOn]));
    const reached = new Set<string>();
    const follow = (from: string): void => {
      if (reached.has(from)) return;
      reached.add(from);
      for (const next of needs.get(from) ?? []) follow(next);
    };
    follow(product);
    expect([...reached].sort()).toEqual([...refs].sort());
    expect(needs.get(product)).toContain(
      'pkg:npm/durable-functions@' + versionOf('durable-functions'),
    );
  });

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

  function versionOf(name: string): string {
    return named(name)[0]?.version ?? 'none';
  }

  it.each(['esbuild', 'azurite', 'vitest', 'commander'])('leaves out %s', (name) => {
    expect(named(name)).toEqual([]);
  });

  it('has every package of which the texts of licences speak, and no other', () => {
    const told = [...text('dist/app/licences.txt').matchAll(/^(\S+) (\d\S+) \(.+\)$/gm)].map(
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
