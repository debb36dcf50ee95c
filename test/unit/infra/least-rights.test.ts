import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { all, bicepParser, literal } from '../../support/bicep/syntax.ts';
import type { Node } from '../../support/bicep/syntax.ts';
import { propertiesOf, templateOf } from '../../support/bicep/template.ts';
import type { Template } from '../../support/bicep/template.ts';

const parse = await bicepParser();
const template = (path: string): Template => templateOf(parse(readFileSync(path, 'utf8')));

/** https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const BUILT_IN: Readonly<Record<string, string>> = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  blobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88',
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
};
const ROLE = 'Microsoft.Authorization/roleAssignments';
const IDENTITIES = ['watch', 'failover', 'forced'] as const;

function parameterOf({ modules }: Template, module: string, name: string): Node {
  const params = modules.find((one) => one.name === module)?.params ?? [];
  const found = params.find((one) => one.name === name);
  if (found === undefined) throw new Error(`The module ${module} is given no ${name}.`);
  return found.node;
}

/** The value is the last part: `name: value`. */
function object(node: Node): Readonly<Record<string, string>> {
  const [first] = node.type === 'object' ? [node] : all(node, 'object');
  const entries = first === undefined ? [] : [...propertiesOf(first)];
  return Object.fromEntries(entries.map(([name, value]) => [name, literal(value) ?? value.text]));
}

describe('what the app is given by its own deployment', () => {
  it('are roles at single resources, never at the group', () => {
    const assignments = globSync('infra/app/*.bicep').flatMap((path) => {
      const { resources } = template(path);
      const own = resources.filter(({ type }) => type !== ROLE).map(({ name }) => name);
      return resources
        .filter(({ type }) => type === ROLE)
        .map(({ body }) => ({ path, own, scope: propertiesOf(body).get('scope')?.text ?? '' }));
    });
    expect(assignments.length).toBeGreaterThan(2);
    expect(assignments.filter(({ own, scope }) => !own.includes(scope))).toEqual([]);
  });

  it.each([
    ['host', ['blobDataOwner', 'queueDataContributor', 'tableDataContributor']],
    ['records', ['blobDataContributor', 'tableDataContributor']],
  ])('are, in the account of the %s, these and no others', (module, roles) => {
    const given = object(parameterOf(template('infra/app/storage.bicep'), module, 'roles'));
    expect(given).toEqual(Object.fromEntries(roles.map((role) => [role, BUILT_IN[role]])));
  });

  it('are three identities, each told to the app by its own name', () => {
    const { variables } = template('infra/app/function.bicep');
    const settings = object(variables.find(({ name }) => name === 'appSettings')!.node);
    expect(settings).toMatchObject({
      AZURE_CLIENT_ID: 'identities.watchClientId',
      SWITCHOVER_FAILOVER_CLIENT_ID: 'identities.failoverClientId',
      SWITCHOVER_FORCED_CLIENT_ID: 'identities.forcedClientId',
    });
    const passed = object(parameterOf(template('infra/main.bicep'), 'app', 'identities'));
    const names = IDENTITIES.flatMap((one) => [`${one}Id`, `${one}ClientId`]);
    expect(passed).toEqual(
      Object.fromEntries(names.map((name) => [name, `identities.outputs.${name}`])),
    );
    const { outputs } = template('infra/app/identities.bicep');
    for (const one of IDENTITIES)
      expect(outputs.find(({ name }) => name === `${one}ClientId`)?.node.text).toMatch(
        new RegExp(`= ${one}\\.properties\\.clientId$`),
      );
  });
});

describe('what was pushed, and then changed or deleted by hand,', () => {
  it('is kept: versions and deletions of the records', () => {
    const kept = parameterOf(template('infra/app/storage.bicep'), 'records', 'keepsVersions');
    expect(kept.text).toMatch(/\btrue$/);
    const { resources } = template('infra/app/storage-account.bicep');
    const blobs = resources.find(({ name }) => name === 'blobs');
    const { isVersioningEnabled, deleteRetentionPolicy, containerDeleteRetentionPolicy } = object(
      propertiesOf(blobs!.body).get('properties')!,
    );
    expect(isVersioningEnabled).toBe('keepsVersions');
    for (const policy of [deleteRetentionPolicy, containerDeleteRetentionPolicy])
      expect(policy).toMatch(/^keepsVersions\s*\?\s*\{\s*enabled: true\s*days: 30\s*\}/);
  });
});
