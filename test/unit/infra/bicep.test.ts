import { execFileSync, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nameErrors } from '../../support/bicep/names.ts';
import { resourceTypes, typeErrors } from '../../support/bicep/resource-types.ts';
import { bicepParser, syntaxErrors } from '../../support/bicep/syntax.ts';
import { templateOf } from '../../support/bicep/template.ts';

const parse = await bicepParser();
const files = globSync('infra/**/*.bicep')
  .sort()
  .map((path) => ({ path, root: parse(readFileSync(path, 'utf8')) }));

/** A clone of https://github.com/Azure/bicep-types-az, and the compiler, where somebody has them. */
const TYPES = process.env['BICEP_TYPES'];
const hasCompiler = spawnSync('bicep', ['--version']).status === 0;

if (TYPES === undefined)
  console.warn('BICEP_TYPES is not set: resources were not compared with what Azure knows.');
if (!hasCompiler) console.warn('bicep is not on the path: no template was compiled.');

describe.each(files)('$path', (file) => {
  it('is Bicep', () => {
    expect(syntaxErrors(file.root)).toEqual([]);
  });

  it('names only what there is, uses what it declares, and gives its modules what they take', () => {
    expect(nameErrors(file, files)).toEqual([]);
  });

  it.skipIf(TYPES === undefined)(
    'is made of resources and properties that Azure knows',
    { timeout: 120_000 },
    () => {
      const typesOf = resourceTypes(TYPES ?? '');
      const { resources } = templateOf(file.root);
      expect(resources.flatMap((resource) => typeErrors(resource, typesOf))).toEqual([]);
    },
  );

  it.skipIf(!hasCompiler)('compiles', { timeout: 120_000 }, () => {
    const compiled = execFileSync('bicep', ['build', '--stdout', file.path], {
      encoding: 'utf8',
    });
    expect(JSON.parse(compiled)).toHaveProperty('resources');
  });
});
