import { globSync, readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { webSphereCafe } from '../../../local/simulator/scenarios/websphere-cafe.ts';
import { asBicep } from '../../../src/cli/roles/bicep.ts';
import { NOTICE_KINDS } from '../../../src/core/notice.ts';
import { ROLES } from '../../../src/core/principal.ts';
import { isOpen } from '../../../src/functions/http/route.ts';
import { ROUTES } from '../../../src/functions/routes.ts';
import type { ContainerName } from '../../../src/records/blobs.ts';
import { SETTING_NAMES } from '../../../src/settings.ts';
import { all, bicepParser, literal, partsOf } from '../../support/bicep/syntax.ts';
import type { Node } from '../../support/bicep/syntax.ts';
import { propertiesOf, templateOf } from '../../support/bicep/template.ts';

const parse = await bicepParser();
const NO_ROLES = { plan: 'any', roles: [], byHand: [] };
const read = (path: string): string => readFileSync(path, 'utf8');
const bicep = (path: string): Node => parse(read(path));
const json = (path: string): unknown => JSON.parse(read(path));

const app = bicep('infra/app/function.bicep');

/** The object that a variable of a template is, or one of the two that it can be. */
function objectOf(root: Node, name: string): ReadonlyMap<string, Node> {
  const variable = templateOf(root).variables.find((one) => one.name === name);
  const objects = all(variable?.node ?? root, 'object');
  const [largest] = objects.map(propertiesOf).sort((one, other) => other.size - one.size);
  if (variable === undefined || largest === undefined)
    throw new Error(`No object is called ${name}.`);
  return largest;
}

function property(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  const [first, ...rest] = path;
  if (first === undefined || node === undefined) return node;
  return property(propertiesOf(node).get(first), ...rest);
}

describe('settings of the deployed app', () => {
  it('are those that the app reads', () => {
    const given = [...objectOf(app, 'appSettings').keys()];
    expect(given.filter((name) => !SETTING_NAMES.includes(name))).toEqual([]);
  });

  it('leave out only what the public cloud and most networks do without', () => {
    const given = objectOf(app, 'appSettings');
    expect(SETTING_NAMES.filter((name) => !given.has(name))).toEqual([
      'WEBSITE_AUTH_ENABLED',
      'AZURE_METRICS_ENDPOINT',
      'AZURE_LOGS_ENDPOINT',
      'SWITCHOVER_RESOLVER',
      'SWITCHOVER_PUBLIC_RESOLVERS',
      'SWITCHOVER_PROBE_PROXY',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_SERVICE_NAME',
      'OTEL_RESOURCE_ATTRIBUTES',
    ]);
  });

  it('of the operator come through the template, which has the last word', () => {
    const settings = templateOf(app).resources.find(({ name }) => name === 'settings');
    expect(property(settings?.body, 'properties')?.text).toMatch(/^union\(operatorSettings, /);
  });

  it('give host.json what it asks for', () => {
    const asked = [...read('host.json').matchAll(/%(\w+)%/g)].map(([, name]) => name);
    expect(asked.length).toBeGreaterThan(0);
    expect([...objectOf(app, 'hostSettings').keys()]).toEqual(expect.arrayContaining(asked));
  });

  it('open the host’s storage with the app’s identity, without keys', () => {
    const host = objectOf(app, 'hostSettings');
    expect([...host.keys()].filter((name) => name.startsWith('AzureWebJobsStorage'))).toEqual([
      'AzureWebJobsStorage__blobServiceUri',
      'AzureWebJobsStorage__queueServiceUri',
      'AzureWebJobsStorage__tableServiceUri',
      'AzureWebJobsStorage__credential',
      'AzureWebJobsStorage__clientId',
    ]);
    expect(literal(host.get('AzureWebJobsStorage__credential'))).toBe('managedidentity');
  });

  it('trust the platform’s header only where sign-in is deployed, and after it', () => {
    const { modules } = templateOf(app);
    const settings = objectOf(app, 'appSettings');
    expect(settings.get('AUTH')?.text).toBe("hasSignIn ? 'entra' : 'keys'");
    // The app wants both, and an output is there only after its module was deployed.
    expect(settings.get('SWITCHOVER_SIGN_IN_CLIENT_ID')?.text).toBe(
      "hasSignIn ? signIn.outputs.clientId : ''",
    );
    const signIn = modules.find(({ name }) => name === 'signIn');
    expect(signIn?.node.text).toContain('= if (hasSignIn) {');
  });
});

describe('sign-in', () => {
  const [, settings] = templateOf(bicep('infra/app/sign-in.bicep')).resources;

  it('is asked for everywhere but at the routes that are open', () => {
    const excluded = property(settings?.body, 'properties', 'globalValidation', 'excludedPaths');
    const paths = partsOf(excluded!).map(literal);
    expect(paths).toEqual(ROUTES.filter(isOpen).map(({ path }) => `/${path}`));
  });

  it('knows the roles that the app knows', () => {
    const roles = z
      .array(z.object({ value: z.string(), id: z.guid() }))
      .parse(json('infra/app-roles.json'));
    expect(roles.map(({ value }) => value)).toEqual(ROLES);
    expect(new Set(roles.map(({ id }) => id)).size).toBe(ROLES.length);
  });
});

describe('stores', () => {
  const CONTAINERS = [
    'evidence',
    'executions',
    'plans',
  ] as const satisfies readonly ContainerName[];

  it('have the containers that the app writes to, evidence among the immutable', () => {
    const { modules } = templateOf(bicep('infra/app/storage.bicep'));
    const records = modules.find(({ name }) => name === 'records');
    const given = records?.params.find(({ name }) => name === 'containers')?.node;
    const evidence = templateOf(bicep('infra/app/evidence.bicep')).resources;
    const immutable = evidence.find(({ name }) => name === 'evidence');
    const made = [literal(property(immutable?.body, 'name')), ...partsOf(given!).map(literal)];
    expect(made).toEqual(CONTAINERS);
    expect(evidence.map(({ type }) => type.split('/').at(-1))).toContain('immutabilityPolicies');
  });

  it('take no keys and survive the loss of a zone', () => {
    const [account] = templateOf(bicep('infra/app/storage-account.bicep')).resources;
    expect(property(account?.body, 'properties', 'allowSharedKeyAccess')?.text).toBe('false');
    expect(literal(property(account?.body, 'sku', 'name'))).toBe('Standard_ZRS');
  });
});

describe('the witness region', () => {
  const main = bicep('infra/main.bicep');

  it('is refused when it is a plan’s, before anything is deployed', () => {
    const variable = templateOf(main).variables.find(({ name }) => name === 'witnessRegion');
    expect(variable?.node.text).toMatch(/= isInPlanRegion && !force\s+\? fail\(.+\)\s+: location$/);
  });

  it('is where everything goes: nothing goes around the refusal', () => {
    const { modules, resources } = templateOf(main);
    const places = [
      ...modules.flatMap(({ params }) => params.filter(({ name }) => name === 'location')),
      ...resources.map(({ body }) => ({ node: property(body, 'location') })),
    ];
    expect(places.length).toBeGreaterThan(5);
    expect(new Set(places.map(({ node }) => node?.text))).toEqual(new Set(['witnessRegion']));
  });

  it('keeps the functions warm that it names', () => {
    const warm = read('infra/main.bicep').matchAll(/'function:([\w-]+)'/g);
    for (const [, name] of warm) expect(read('src/app.ts')).toContain(`registerTimer('${name}'`);
  });
});

describe('azd', () => {
  const azure = z.object({ services: z.record(z.string(), z.object({ host: z.string() })) });
  const parameters = z.object({
    parameters: z.record(z.string(), z.object({ value: z.string() })),
  });

  it('finds the app that it deploys to', () => {
    const { services } = azure.parse(parseYaml(read('azure.yaml')));
    const [tag] = app.text.match(/'azd-service-name': '\w+'/) ?? [];
    expect(Object.keys(services).map((name) => `'azd-service-name': '${name}'`)).toEqual([tag]);
  });

  it('gives the template what it takes', () => {
    const given = Object.keys(parameters.parse(json('infra/main.parameters.json')).parameters);
    const taken = templateOf(bicep('infra/main.bicep')).parameters;
    expect(given.filter((one) => !taken.some(({ name }) => name === one))).toEqual([]);
    const required = taken.filter(({ isRequired }) => isRequired).map(({ name }) => name);
    expect(given).toEqual(expect.arrayContaining(required));
  });

  it('sends the bundle, the plans and what the host reads, and nothing else of the repository', () => {
    const ignored = read('.funcignore').split('\n');
    const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
    const top = new Set(files.map((file) => file.split('/')[0] ?? ''));
    expect([...top].filter((name) => !ignored.includes(name)).sort()).toEqual([
      'LICENSE',
      'host.json',
      'package.json',
      'plans',
    ]);
    expect(ignored).toEqual(expect.arrayContaining(['dist/cli', 'dist/local', 'node_modules']));
    expect(ignored).not.toContain('dist');
  });
});

describe('the commands that the pages show', () => {
  const pages = ['docs/deploying.md', 'docs/rights.md'].map(read).join('\n');
  const shell = [...pages.matchAll(/```sh\n(.*?)```/gs)]
    .map(([, block = '']) => block.replaceAll('\\\n', ' '))
    .join('\n');
  /** Names that whoever reads the page has to put in. */
  const OF_THE_READER = ['APP', 'ACCOUNT'];
  const parametersOf = (file: string): readonly string[] => {
    const root = file.startsWith('infra/') ? bicep(file) : parse(asBicep(NO_ROLES));
    return templateOf(root).parameters.map(({ name }) => name);
  };

  it('give templates parameters that they take', () => {
    const shown = [...shell.matchAll(/--template-file (\S+)\s+--parameters (.+)/g)];
    expect(new Set(shown.map(([, file]) => file))).toEqual(
      new Set(['infra/main.bicep', 'rights.bicep', 'infra/examples/websphere-cafe-alerts.bicep']),
    );
    for (const [, file = '', given = ''] of shown) {
      const names = [...given.matchAll(/(\w+)=/g)].map(([, name]) => name);
      expect(parametersOf(file)).toEqual(expect.arrayContaining(names));
    }
  });

  it('take what the deployment puts out, and set what it reads', () => {
    const { outputs } = templateOf(bicep('infra/main.bicep'));
    const known = [
      ...outputs.map(({ name }) => name),
      ...[...shell.matchAll(/^(\w+)=\$\(/gm)].map(([, name = '']) => name),
      ...OF_THE_READER,
    ];
    const used = [...shell.matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !known.includes(name))).toEqual([]);
    const set = [...shell.matchAll(/azd env set (\w+)/g)].map(([, name = '']) => name);
    expect(set.length).toBeGreaterThan(4);
    for (const name of set) expect(read('infra/main.parameters.json')).toContain(`\${${name}`);
  });
});

describe('alerts', () => {
  const signal = z.object({
    uses: z.string(),
    with: z.looseObject({ rule: z.string().optional() }),
  });
  const planFile = z.object({
    sites: z.record(
      z.string(),
      z.object({ resources: z.looseObject({ endpointAlert: z.string() }) }),
    ),
    watch: z.object({ signals: z.array(signal) }),
  });

  it('of the example are those that its plan listens for', () => {
    const { sites, watch } = planFile.parse(parseYaml(read('plans/websphere-cafe.yaml')));
    const listened = watch.signals
      .flatMap((one) => (one.uses === 'alert' ? [one.with.rule ?? ''] : []))
      .flatMap((rule) =>
        rule === '${site.endpointAlert}'
          ? Object.values(sites).map(({ resources }) => resources.endpointAlert)
          : [rule],
      );
    const example = bicep('infra/examples/websphere-cafe-alerts.bicep');
    const named = templateOf(example).resources.flatMap(({ type, body }) => {
      const name = property(body, 'name');
      return /Alerts$/.test(type) && name !== undefined ? [literal(name)] : [];
    });
    const [endpoints] = templateOf(example).variables.filter(({ name }) => name === 'endpoints');
    const inLoop = all(endpoints!.node, 'object').map((one) =>
      literal(propertiesOf(one).get('rule')),
    );
    const rules = [...inLoop, ...named].filter((name) => name !== null);
    expect(rules.sort()).toEqual([...new Set(listened)].sort());
    const simulated = webSphereCafe().alerts?.rules ?? [];
    expect(rules).toEqual(expect.arrayContaining(simulated.map(({ name }) => name)));
  });

  it('on Switchover itself go by what the app says and by functions that it has', () => {
    const said = globSync('infra/queries/*.kql').flatMap((file) => {
      const [, list = ''] = /said\.what\) in \((.*)\)/.exec(read(file)) ?? [];
      return [...list.matchAll(/'([\w-]+)'/g)].map(([, what]) => what);
    });
    expect(said).toEqual(expect.arrayContaining(['paused', 'drill-overdue', 'readiness-critical']));
    expect(said.filter((what) => !(NOTICE_KINDS as readonly unknown[]).includes(what))).toEqual([]);
    expect(read('infra/queries/watch-ran.kql')).toContain("Name =~ 'watch'");
    expect(read('src/app.ts')).toContain("registerTimer('watch'");
  });

  it('reach the door for alerts, in the schema that it takes', () => {
    const own = bicep('infra/alerts/own.bicep').text;
    expect(own).toContain("serviceUri: '${appUri}/api/alerts'");
    expect(ROUTES.map(({ path }) => path)).toContain('api/alerts');
    const receivers = own.split('useCommonAlertSchema: true').length - 1;
    expect(receivers).toBe(own.split(/Receivers:/).length - 1);
  });
});

describe('the workbook', () => {
  const item = z.looseObject({
    content: z.looseObject({ query: z.string().optional() }),
    name: z.string(),
  });
  const workbook = z.looseObject({ version: z.literal('Notebook/1.0'), items: z.array(item) });

  it('asks what the query files ask', () => {
    const { items } = workbook.parse(json('infra/workbook.json'));
    const queries = items.flatMap(({ name, content: { query } }) =>
      query === undefined ? [] : [{ name, query }],
    );
    expect(queries.length).toBeGreaterThan(4);
    for (const { name, query } of queries) {
      expect(query).toBe(read(join(dirname('infra/workbook.json'), 'queries', `${name}.kql`)));
    }
  });
});
