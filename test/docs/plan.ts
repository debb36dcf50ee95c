import { planJsonSchema } from '../../src/plan/json-schema.ts';
import { SIGNAL_DOMAINS, SIGNAL_SOURCES } from '../../src/plan/watch.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import { asSchema, fieldTable, fieldsOf, without } from './fields.ts';
import type { Schema } from './fields.ts';

/** What has a section of its own, wherever it stands. */
const NAMED = ['step', 'signal'];

/** Every field of a plan file, from the schema that parses it. */
export function planPage(): string {
  const schema = planJsonSchema(stepKinds);
  const definitions = asSchema(schema.$defs);
  const whole = { ...schema, properties: without(asSchema(schema.properties), '$schema') };
  return [
    '## The plan',
    fieldTable(fieldsOf(whole, definitions, NAMED)),
    '## A step',
    'Its settings (`with`) are those of its kind: [kinds of steps](step-kinds.md).',
    fieldTable(fieldsOf(asSchema(definitions.step), definitions, NAMED)),
    '## A signal',
    fieldTable(fieldsOf(asSchema(definitions.signal), definitions, NAMED)),
    ...signalSections(asSchema(definitions.signal), definitions),
  ].join('\n\n');
}

function signalSections(signal: Schema, definitions: Schema): string[] {
  const rules = Array.isArray(signal.allOf) ? signal.allOf.map(asSchema) : [];
  return Object.entries(SIGNAL_SOURCES).flatMap(([uses, summary]) => {
    const rule = rules.find((one) => usesOf(one) === uses) ?? {};
    const settings = asSchema(asSchema(asSchema(rule.then).properties).with);
    const domain = SIGNAL_DOMAINS[uses as keyof typeof SIGNAL_DOMAINS];
    return [
      `### Signal \`${uses}\``,
      `${summary} Looks from: ${domain}.`,
      fieldTable(fieldsOf(settings, definitions, [])),
    ];
  });
}

function usesOf(rule: Schema): unknown {
  return asSchema(asSchema(asSchema(rule.if).properties).uses).const;
}
