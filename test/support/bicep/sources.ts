import { globSync, readFileSync } from 'node:fs';
import type { BicepFile } from './names.ts';
import type { ParseBicep } from './syntax.ts';

/** All Bicep that there is here. */
export function bicepSources(parse: ParseBicep): readonly BicepFile[] {
  return globSync('infra/**/*.bicep')
    .sort()
    .map((path) => ({ path, root: parse(readFileSync(path, 'utf8')) }));
}
