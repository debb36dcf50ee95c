import type { Bundled, BundledPackage } from './bundled.ts';

/** Whose bill it is. */
export interface Product {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
}

/**
 * The software bill of materials, as CycloneDX 1.6 in JSON. It carries no date and no serial number, which the format
 * leaves optional: the same package has the same bill.
 */
export function billOf(product: Product, { packages, needs }: Bundled): string {
  const ref = `pkg:npm/${product.name}@${product.version}`;
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': ref,
        name: product.name,
        version: product.version,
        description: product.description,
        licenses: [licenceOf(product.license)],
      },
    },
    components: packages.map(componentOf),
    dependencies: [
      { ref, dependsOn: refsOf(needs, packages) },
      ...packages.map((one) => ({ ref: purlOf(one), dependsOn: refsOf(one.needs, packages) })),
    ],
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** What is not in the bundle is not in its bill. */
function refsOf(needs: readonly string[], packages: readonly BundledPackage[]): readonly string[] {
  return packages
    .filter(({ name, version }) => needs.includes(`${name}@${version}`))
    .map(purlOf)
    .sort();
}

function purlOf({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function componentOf(one: BundledPackage): object {
  const { name, version, license, integrity } = one;
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = purlOf(one);
  return {
    type: 'library',
    'bom-ref': purl,
    ...(scope === undefined ? {} : { group: scope }),
    name: bare,
    version,
    hashes: [hashOf(integrity)],
    licenses: [licenceOf(license)],
    purl,
  };
}

/** One licence has an id; a choice of several is an expression. */
function licenceOf(spdx: string): object {
  return /[ (]/.test(spdx) ? { expression: spdx } : { license: { id: spdx } };
}

function hashOf(integrity: string): object {
  const [, content = ''] = /^sha512-(.+)$/.exec(integrity) ?? [];
  return { alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') };
}
