import { mkdir, writeFile } from 'node:fs/promises';
import { makePackage } from './package.ts';

const { zip, hash, bill, packages } = await makePackage();
await mkdir('dist', { recursive: true });
await writeFile('dist/switchover.zip', zip);
// As `sha256sum --check` reads it.
await writeFile('dist/switchover.zip.sha256', `${hash}  switchover.zip\n`);
await writeFile('dist/switchover.cdx.json', bill);
const megabytes = (zip.length / 1e6).toFixed(2);
console.log(`dist/switchover.zip  ${megabytes} MB, ${packages.length} packages bundled`);
console.log(`sha256 ${hash}`);
