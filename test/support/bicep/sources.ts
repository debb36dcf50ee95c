import { globSync, readFileSync } from 'node:fs';
import { asBicep } from '../../../src/cli/roles/bicep.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { stepKinds } from '../../../src/steps/registry.ts';
import { rolesOf } from '../../../src/steps/roles.ts';
import type { BicepFile } from './names.ts';
import type { ParseBicep } from './syntax.ts';

/** All Bicep that there is here, and what is made of the example plans. */
export function bicepSources(parse: ParseBicep): readonly BicepFile[] {
  const templates = globSync('infra/**/*.bicep').map((path) => ({ path, text: read(path) }));
  const made = globSync('plans/*.yaml').map((path) => ({
    path: `${path}, its roles`,
    text: rolesIn(path),
  }));
  return [...templates, ...made]
    .sort((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, text }) => ({ path, root: parse(text) }));
}

function rolesIn(file: string): string {
  const parsed = parsePlan(file, read(file), stepKinds);
  if (!parsed.ok) throw new Error(`${file} is no valid plan.`);
  return asBicep(rolesOf(parsed.value));
}

function read(path: string): string {
  return readFileSync(path, 'utf8');
}
