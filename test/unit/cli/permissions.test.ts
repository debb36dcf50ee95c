import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asBicep } from '../../../src/cli/roles/bicep.ts';
import type { PlanRoles, Role } from '../../../src/steps/roles.ts';
import { bicepParser, literal, partsOf } from '../../support/bicep/syntax.ts';
import type { Node } from '../../support/bicep/syntax.ts';
import { bodyOf, propertiesOf, templateOf } from '../../support/bicep/template.ts';
import { run, serve } from './cli.ts';

const PLAN_TEXT = readFileSync('plans/websphere-cafe.yaml', 'utf8');
const files = { 'cafe.yaml': PLAN_TEXT };
const parse = await bicepParser();

async function told(text = PLAN_TEXT): Promise<PlanRoles> {
  const { out } = await run('plan permissions cafe.yaml --json', { files: { 'cafe.yaml': text } });
  return JSON.parse(out) as PlanRoles;
}

/** The roles that a template makes. */
function rolesIn(bicep: string): readonly Role[] {
  const variable = templateOf(parse(bicep)).variables.find(({ name }) => name === 'roles');
  const texts = (list: Node | undefined): string[] =>
    partsOf(list!).map((one) => literal(one) ?? '?');
  return partsOf(bodyOf(variable!.node)).map((one) => {
    const given = propertiesOf(one);
    const principal = given.get('principalId')!.text;
    return {
      name: literal(given.get('name')) ?? '?',
      identity: principal.replace('PrincipalId', '') as Role['identity'],
      actions: texts(given.get('actions')),
      scopes: texts(given.get('scopes')),
    };
  });
}

describe('plan permissions', () => {
  it('makes roles and assignments as commands, what loses data apart', async () => {
    const ran = await run('plan permissions cafe.yaml', { files });
    expect(ran.code).toBe(0);
    const lines = ran.out.split('\n');
    expect(lines.filter((line) => !/^az role (definition|assignment) create /.test(line))).toEqual(
      [],
    );
    const forcing = lines.filter((line) => line.includes('forceFailoverAllowDataLoss'));
    expect(forcing.map((line) => /Switchover websphere-cafe (\w+)/.exec(line)?.[1])).toEqual([
      'forced',
    ]);
  });

  it('tells the same as JSON: whatever is named at a scope is given there', async () => {
    const { roles } = await told();
    const wide = roles.filter(({ scopes }) =>
      scopes.some((scope) => scope.split('/').length === 3),
    );
    expect(roles.length).toBeGreaterThan(wide.length);
    // What an interface refers to is anywhere; everything else in a subscription is only read.
    const changes = wide.flatMap(({ actions }) => actions).filter((one) => !one.endsWith('/read'));
    expect(changes.filter((one) => !one.endsWith('/join/action'))).toEqual([]);
  });

  it('makes the same as Bicep', async () => {
    const ran = await run('plan permissions cafe.yaml --bicep', { files });
    expect(ran).toMatchObject({ code: 0, talk: '' });
    expect(rolesIn(ran.out)).toEqual((await told()).roles);
    expect(templateOf(parse(ran.out)).scope).toBe('subscription');
  });

  it('keeps texts what they are, whatever is in them', () => {
    const role: Role = {
      name: "Bob's \\ ${plan}",
      identity: 'watch',
      actions: ["it's/read"],
      scopes: ["/subscriptions/1/resourceGroups/o'clock"],
    };
    const made = asBicep({ plan: 'p', roles: [role], byHand: [] });
    expect(made).toContain("'Bob\\'s \\\\ \\${plan}'");
    expect(made).toContain("'/subscriptions/1/resourceGroups/o\\'clock'");
  });

  it('asks the app for a plan of that name', async () => {
    const roles = await told();
    const path = '/api/plans/websphere-cafe/permissions';
    const backend = await serve({ [`GET ${path}`]: { body: roles } });
    const asked = await run('plan permissions websphere-cafe --bicep', { url: backend.url });
    await backend.close();
    const read = await run('plan permissions cafe.yaml --bicep', { files });
    expect(asked).toMatchObject({ code: 0, out: read.out });
  });

  it('says what has to be granted by hand', async () => {
    const body: PlanRoles = { plan: 'p', roles: [], byHand: ['Reader at /w'] };
    const backend = await serve({ 'GET /api/plans/p/permissions': { body } });
    const ran = await run('plan permissions p', { url: backend.url });
    await backend.close();
    expect(ran.talk).toBe('Besides, for the watch: Reader at /w.');
  });

  it('never gives a name that was used to a role that allows something else', async () => {
    const { roles: before } = await told();
    const withoutRehearsals = PLAN_TEXT.replace(/\nrehearsal:.*?\n(?=stages:)/s, '\n').replace(
      /- \{\s+level: rehearsal[^}]+\}/,
      '',
    );
    const { roles: after } = await told(withoutRehearsals);
    const actionsOf = new Map(before.map(({ name, actions }) => [name, actions]));
    const kept = after.filter(({ name }) => actionsOf.has(name));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(after.length);
    for (const { name, actions } of kept) expect(actions).toEqual(actionsOf.get(name));
    expect(actionsOf.size).toBe(before.length);
  });

  it.each([
    ['there is no such file', 'cafe.yaml', {}, 'There is no file cafe.yaml.'],
    ['the file is no plan', 'cafe.yaml', { 'cafe.yaml': 'version: 1' }, 'cafe.yaml:1:1: '],
    ['two forms are wanted', 'cafe.yaml --bicep --json', files, 'bicep: not with --json'],
  ])('says so when %s', async (_when, words, given, message) => {
    const ran = await run(`plan permissions ${words}`, { files: given });
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.talk).toContain(message);
  });
});
