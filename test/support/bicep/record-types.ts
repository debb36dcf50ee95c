// Keeps what Azure knows of the resources that are deployed here: npm run record-bicep-types -- CLONE
// CLONE is a clone of https://github.com/Azure/bicep-types-az. What the check looks at there is what is kept.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { z } from 'zod';
import { typeErrors } from './resource-types.ts';
import { bicepSources } from './sources.ts';
import { bicepParser } from './syntax.ts';
import { templateOf } from './template.ts';
import { RECORD, typesInClone } from './type-data.ts';
import type { KnownType, TypesOf, record } from './type-data.ts';

type Resources = z.infer<typeof record>['resources'];

/** Notes on the way what is asked for. */
function noting(typesOf: TypesOf, resources: Resources): TypesOf {
  return (resource) => {
    const name = `${resource.type}@${resource.version}`;
    const known = typesOf(resource);
    if (known === null) return null;
    const noted = (resources[name] ??= { scopes: known.scopes, body: known.body, types: {} });
    const at: KnownType['at'] = (index) => {
      const found = known.at(index);
      if (found !== undefined) noted.types[index] = found;
      return found;
    };
    return { ...known, at };
  };
}

const [clone] = process.argv.slice(2);
if (clone === undefined)
  throw new Error('Name a clone of https://github.com/Azure/bicep-types-az.');
const resources: Resources = {};
const typesOf = noting(typesInClone(clone), resources);
const errors = bicepSources(await bicepParser()).flatMap(({ path, root }) =>
  typeErrors(templateOf(root), typesOf).map((error) => `${path}:${error}`),
);
for (const error of errors) console.error(error);
const commit = execFileSync('git', ['-C', clone, 'log', '-1', '--format=%h of %cs'], {
  encoding: 'utf8',
}).trim();
const about = {
  source: `https://github.com/Azure/bicep-types-az, commit ${commit}`,
  licence: 'MIT, Copyright (c) Microsoft Corporation',
};
const lines = Object.entries(resources)
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([name, kept]) => `${JSON.stringify(name)}: ${JSON.stringify(kept)}`);
writeFileSync(
  RECORD,
  `${JSON.stringify(about).slice(0, -1)}, "resources": {\n${lines.join(',\n')}\n}}\n`,
);
console.log(`${RECORD}: ${Object.keys(resources).length} resource types`);
process.exitCode = errors.length === 0 ? 0 : 1;
