import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nameErrors } from '../../support/bicep/names.ts';
import { typeErrors } from '../../support/bicep/resource-types.ts';
import { bicepSources } from '../../support/bicep/sources.ts';
import { bicepParser, syntaxErrors } from '../../support/bicep/syntax.ts';
import { templateOf } from '../../support/bicep/template.ts';
import { recordedTypes, typesInClone } from '../../support/bicep/type-data.ts';

const files = bicepSources(await bicepParser());

/** A clone of https://github.com/Azure/bicep-types-az, and the compiler, where somebody has them. */
const CLONE = process.env['BICEP_TYPES'];
const hasCompiler = spawnSync('bicep', ['--version']).status === 0;

if (!hasCompiler) console.warn('bicep is not on the path: no template was compiled.');

describe.each(files)('$path', (file) => {
  it('is Bicep', () => {
    expect(syntaxErrors(file.root)).toEqual([]);
  });

  it('names only what there is, uses what it declares, and gives its modules what they take', () => {
    expect(nameErrors(file, files)).toEqual([]);
  });

  it('is made of resources and properties that Azure knows', { timeout: 120_000 }, () => {
    const typesOf = CLONE === undefined ? recordedTypes() : typesInClone(CLONE);
    expect(typeErrors(templateOf(file.root), typesOf)).toEqual([]);
  });

  it.skipIf(!hasCompiler)('compiles', { timeout: 120_000 }, () => {
    const path = existsSync(file.path) ? file.path : written(file.root.text);
    const compiled = execFileSync('bicep', ['build', '--stdout', path], { encoding: 'utf8' });
    expect(JSON.parse(compiled)).toHaveProperty('resources');
  });
});

function written(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'bicep-')), 'made.bicep');
  writeFileSync(path, text);
  return path;
}
