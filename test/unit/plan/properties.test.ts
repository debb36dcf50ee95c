import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { parsePlan } from '../../../src/plan/parse.ts';
import { substitute } from '../../../src/plan/template.ts';
import { smallKinds } from '../../fixtures/plan/kinds.ts';
import { smallPlanText } from '../../fixtures/plan/small-plan.ts';

function answers(text: string): void {
  const result = parsePlan('any.yaml', text, smallKinds);
  if (result.ok) return;
  expect(result.error.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  for (const { line, column, message } of result.error) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).not.toBe('');
  }
}

describe('a plan file is answered with a plan or with problems in it, never with a crash', () => {
  test('whatever text it holds', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), answers));
  });

  test('whatever JSON it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        answers(stringify(value));
      }),
    );
  });

  test('whatever is cut out of a good plan', () => {
    const place = fc.nat({ max: smallPlanText.length });
    fc.assert(
      fc.property(place, place, (from, to) => {
        answers(smallPlanText.slice(0, from) + smallPlanText.slice(to));
      }),
    );
  });

  test('whatever is put into a good plan', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: smallPlanText.length }),
        fc.stringMatching(/^[${}[\]:\-&*!|>'\" \nfromt.]*$/),
        (at, text) => {
          answers(smallPlanText.slice(0, at) + text + smallPlanText.slice(at));
        },
      ),
    );
  });
});

describe('substitution', () => {
  const name = fc.stringMatching(/^[a-z]{1,4}$/);
  const plain = fc.oneof(fc.stringMatching(/^[a-z0-9 /:.]*$/), fc.integer(), fc.boolean());
  const values = fc.dictionary(name, fc.oneof(plain, fc.array(plain, { maxLength: 3 })), {
    noNullPrototype: true,
  });
  const template = fc
    .tuple(fc.constantFrom('from', 'to', 'form'), name)
    .map(([root, key]) => `\${${root}.${key}}`);
  const text = fc
    .array(fc.oneof(plain.map(String), template), { maxLength: 4 })
    .map((parts) => parts.join(''));
  const settings = fc.dictionary(name, fc.oneof(text, fc.array(text, { maxLength: 3 })), {
    noNullPrototype: true,
  });

  test('closes every template or complains of the place where one stayed open', () => {
    fc.assert(
      fc.property(
        values,
        values,
        settings,
        (from: JsonObject, to: JsonObject, given: JsonObject) => {
          const { value, complaints } = substitute(given, {
            from: { values: from },
            to: { values: to },
          });
          const open = leaves(value).filter(
            ([, leaf]) => typeof leaf === 'string' && leaf.includes('${'),
          );
          const complained = new Set(complaints.map(({ path }) => path.join('/')));
          expect(new Set(open.map(([path]) => path))).toEqual(complained);
        },
      ),
    );
  });

  test('leaves values without templates as they are', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('${'));
        expect(substitute(value as Json, {})).toEqual({ value, complaints: [] });
      }),
    );
  });

  test('a template that stands alone yields the very value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(substitute('${from.x}', { from: { values: { x: value as Json } } }).value).toEqual(
          value,
        );
      }),
    );
  });
});

function leaves(value: Json, path: readonly string[] = []): [string, Json][] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, part]: [string, Json]) => leaves(part, [...path, key]))
    : [[path.join('/'), value]];
}
