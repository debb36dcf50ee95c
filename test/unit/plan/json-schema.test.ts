import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { planJsonSchema } from '../../../src/plan/json-schema.ts';
import { smallKinds } from '../../fixtures/plan/kinds.ts';
import { edit, smallPlanText } from '../../fixtures/plan/small-plan.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
const validate = ajv.compile(planJsonSchema(smallKinds));

function wrongAt(text: string): string[] {
  validate(parse(text));
  return (validate.errors ?? []).map(({ instancePath }) => instancePath);
}

describe('the schema for editors', () => {
  test('accepts a good plan with templates in place of values', () => {
    expect(wrongAt(smallPlanText)).toEqual([]);
  });

  test.each([
    { what: 'an unknown key', change: ['dnsTtl: 30s', 'dnsTtl: 30s\nttl: 1'], at: '' },
    {
      what: 'an unknown kind',
      change: ['uses: vm/stop', 'uses: vm/halt'],
      at: '/stages/0/steps/0/uses',
    },
    { what: 'text that is no duration', change: ['rto: 10m', 'rto: 10'], at: '/objectives/rto' },
    {
      what: "a kind's unknown setting",
      change: ['group: fg', 'grp: fg'],
      at: '/stages/1/steps/0/with',
    },
    {
      what: "a kind's setting of the wrong type",
      change: ['machines: "${from.machines}"', 'machines: all'],
      at: '/stages/0/steps/0/with/machines',
    },
  ] as const)('refuses $what', ({ change, at }) => {
    expect(wrongAt(edit(smallPlanText, change))).toContain(at);
  });
});
