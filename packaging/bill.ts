import type { BundledPackage } from './bundled.ts';

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
export function billOf(product: Product, packages: readonly BundledPackage[]): string {
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': `pkg:npm/${product.name}@${product.version}`,
        name: product.name,
        version: product.version,
        description: product.description,
        licenses: [licenceOf(product.license)],
      },
    },
    components: packages.map(componentOf),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function componentOf({ name, version, license, integrity }: BundledPackage): object {
  const [scope, bare] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
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
