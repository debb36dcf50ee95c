import { describe, expect, it } from 'vitest';
import { nameErrors } from '../../support/bicep/names.ts';
import { typeErrors } from '../../support/bicep/resource-types.ts';
import { bicepParser, syntaxErrors } from '../../support/bicep/syntax.ts';
import { templateOf } from '../../support/bicep/template.ts';
import { recordedTypes, typesIn } from '../../support/bicep/type-data.ts';
import type { Type } from '../../support/bicep/type-data.ts';

const parse = await bicepParser();

describe('what is said of names', () => {
  const part = {
    path: 'infra/part.bicep',
    root: parse(`
      param size int
      param colour string = 'red'
      output id string = '\${size}\${colour}'
    `),
  };
  const part0 = "module part 'part.bicep' = {\n params: {\n size: 1\n }\n}\n";

  it.each([
    ['a name of nothing', 'output x string = nothing', ['1:19: nothing is called nothing']],
    ['a name in a string', "output x string = 'a${nothing}'", ['1:23: nothing is called nothing']],
    ['an unused parameter', 'param a string', ['1:1: a is not used']],
    ['an unused variable', 'var a = 1', ['1:1: a is not used']],
    [
      'a key of the same name',
      'param a string\nvar b = {\n a: 1\n}\noutput c object = b',
      ['1:1: a is not used'],
    ],
    ['an unknown function', 'output a string = shout()', ['1:19: no function shout is known']],
    [
      'a file that is not',
      "output a string = loadTextContent('no.kql')",
      ['1:19: there is no no.kql'],
    ],
    [
      'a module that is not',
      "module m 'no.bicep' = {\n params: {}\n}",
      ['1:1: there is no module no.bicep'],
    ],
    [
      'a missing parameter',
      "module m 'part.bicep' = {\n params: {}\n}",
      ['1:1: part.bicep needs size'],
    ],
    [
      'a parameter too many',
      "module m 'part.bicep' = {\n params: {\n size: 1\n depth: 2\n }\n}",
      ['4:9: part.bicep takes no depth'],
    ],
    [
      'a secret that is passed on as none',
      "@secure()\nparam key string\nmodule m 'part.bicep' = {\n params: {\n size: key\n }\n}",
      ['5:8: part.bicep does not keep size secret'],
    ],
    [
      'an output that is not',
      `${part0}output o string = part.outputs.name`,
      ['part.bicep has no output name'],
    ],
    [
      'a module that belongs elsewhere',
      `targetScope = 'subscription'\n${part0}output o string = part.outputs.id`,
      ['2:1: part.bicep is for a resourceGroup and needs a scope'],
    ],
    [
      'loops and lambdas',
      "var l = [for (a, i) in ['x']: '${a}${i}']\noutput o array = map(l, each => each)",
      [],
    ],
    ['all in order', `${part0}output o string = part.outputs.id`, []],
  ])('%s', (_, text, errors) => {
    const root = parse(`${text}\n`);
    expect(syntaxErrors(root)).toEqual([]);
    expect(nameErrors({ path: 'infra/main.bicep', root }, [part])).toEqual(errors);
  });

  it('finds what is not Bicep', () => {
    expect(syntaxErrors(parse("param a string = = 'x'\n")).join()).toContain('not Bicep');
  });
});

describe('what is said of resources', () => {
  const types: readonly Type[] = [
    { $type: 'ResourceType', name: 'Sky.Net/planes@2024-01-01', body: 1, writableScopes: 8 },
    {
      $type: 'ObjectType',
      properties: {
        name: { type: 2, flags: 9 },
        id: { type: 2, flags: 10 },
        colour: { type: 3, flags: 0 },
        seats: { type: 6, flags: 0 },
        engines: { type: 7, flags: 0 },
        tags: { type: 8, flags: 0 },
        cargo: { type: 9, flags: 0 },
        wings: { type: 99, flags: 0 },
        callSign: { type: 11, flags: 0 },
      },
    },
    { $type: 'StringType' },
    { $type: 'UnionType', elements: [4, 5] },
    { $type: 'StringLiteralType', value: 'red' },
    { $type: 'StringLiteralType', value: 'blue' },
    { $type: 'IntegerType' },
    { $type: 'ArrayType', itemType: 6 },
    { $type: 'ObjectType', properties: {}, additionalProperties: 2 },
    {
      $type: 'DiscriminatedObjectType',
      discriminator: 'kind',
      baseProperties: { weight: { type: 6, flags: 1 } },
      elements: { live: 10 },
    },
    {
      $type: 'ObjectType',
      properties: { kind: { type: 2, flags: 1 }, animal: { type: 2, flags: 1 } },
    },
    { $type: 'StringType', minLength: 2, maxLength: 4 },
  ];
  const typesOf = typesIn(types);

  it.each([
    ["name: 'a'\ncolour: 'red'\nseats: 2\nengines: [1]\ntags: {\n x: 'y'\n}", []],
    ["name: 'a'\ncolour: shade\nengines: [for e in shade: e]", []],
    ["name: 'a'\nparent: other\ndependsOn: []", []],
    ["name: 'a'\ncallSign: 'abc'", []],
    ["name: 'a'\ncallSign: 'abcde'", ['Sky.Net/planes.callSign takes 2 to 4 characters']],
    ["name: 'a'\nwings: shade", []],
    [
      "name: 'a'\nwings: {}",
      ['Sky.Net/planes.wings is not in the recorded type data: see npm run record-bicep-types'],
    ],
    ["name: 'a'\nscope: other", ['Sky.Net/planes cannot be deployed to a resource']],
    ["name: 'a'\ncolour: dark ? 'blue' : 'red'", []],
    ["name: 'a'\ncolour: dark ? 'black' : 'red'", ["Sky.Net/planes.colour cannot be 'black'"]],
    [
      "name: 'a'\nengines: [for e in all: 'b']",
      ['Sky.Net/planes.engines.[] is no string but number'],
    ],
    ['seats: 2', ['Sky.Net/planes needs name']],
    ["name: 'a'\ncolor: 'red'", ['Sky.Net/planes has no color']],
    ["name: 'a'\ncolour: 'green'", ["Sky.Net/planes.colour cannot be 'green'"]],
    ["name: 'a'\nid: 'x'", ['Sky.Net/planes.id can only be read']],
    ["name: 'a'\nseats: 'two'", ['Sky.Net/planes.seats is no string but number']],
    ["name: 'a'\nengines: [1, 'b']", ['Sky.Net/planes.engines.[] is no string but number']],
    ["name: 'a'\ncargo: {\n kind: 'live'\n weight: 1\n animal: 'cat'\n}", []],
    ["name: 'a'\ncargo: {\n kind: 'live'\n weight: 1\n}", ['Sky.Net/planes.cargo needs animal']],
    ["name: 'a'\ncargo: {\n kind: 'dead'\n}", ['Sky.Net/planes.cargo has no kind "dead"']],
  ])('%j', (body, errors) => {
    expect(said(`resource r 'Sky.Net/planes@2024-01-01' = {\n${body}\n}\n`)).toEqual(errors);
  });

  it.each([
    ['Sky.Net/planes@2024-01-01', false],
    ['Sky.Net/planes@2023-01-01', true],
    ['Sky.Net/plains@2024-01-01', true],
  ])('%s', (type, isUnknown) => {
    const errors = said(`resource r '${type}' existing = {\nname: 'a'\n}\n`);
    expect(errors.some((one) => one.startsWith(`${type} is not in the recorded`))).toBe(isUnknown);
  });

  it('finds what is deployed where it cannot be', () => {
    const text = "targetScope = 'subscription'\nresource r 'Sky.Net/planes@2024-01-01' = {";
    expect(said(`${text}\nname: 'a'\n}\n`)).toEqual([
      'Sky.Net/planes cannot be deployed to a subscription',
    ]);
  });

  it.each([
    ["kind: 'functionapp'", []],
    ["knd: 'functionapp'", ['Microsoft.Web/sites has no knd']],
    [
      'properties: {\n functionAppConfig: {\n runtime: {\n nam: 1\n }\n }\n }',
      ['Microsoft.Web/sites.properties.functionAppConfig.runtime has no nam'],
    ],
  ])('judges by what was recorded of Azure: %j', (part, errors) => {
    const text = `resource r 'Microsoft.Web/sites@2024-11-01' = {\nname: 'a'\nlocation: 'b'\n${part}\n}\n`;
    expect(said(text, recordedTypes())).toEqual(errors);
  });

  it('sees a resource in a resource, in a loop and on a condition', () => {
    const text = `resource a 'Sky.Net/planes@2024-01-01' = [
  for one in all: if (one) {
    name: 'a'
    resource b 'wings' = {
      name: 'b'
    }
  }
]
`;
    const found = templateOf(parse(text)).resources.map(
      ({ type, version }) => `${type}@${version}`,
    );
    expect(found).toEqual(['Sky.Net/planes@2024-01-01', 'Sky.Net/planes/wings@2024-01-01']);
  });

  function said(text: string, by = typesOf): readonly string[] {
    const errors = typeErrors(templateOf(parse(text)), by);
    return errors.map((error) => error.replace(/^\d+:\d+: /, ''));
  }
});
