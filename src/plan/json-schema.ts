import { z } from 'zod';
import type { PlanKinds } from './kinds.ts';
import { signalSettings } from './signals.ts';
import { SIGNAL_SOURCES } from './watch.ts';
import { writtenPlan } from './written.ts';

interface Schema {
  readonly [keyword: string]: unknown;
}

/**
 * The plan file's shape as JSON Schema for editors. What only the parser can know (references, names that must match)
 * is not in it: a file that an editor likes may still be refused.
 */
export function planJsonSchema(kinds: PlanKinds): Schema {
  // One conversion for all, so that shared definitions have one name.
  const settings = z.object(Object.fromEntries(kinds.map((kind) => [kind.uses, kind.settings])));
  const signals = z.object(signalSettings);
  const all = z.toJSONSchema(z.object({ plan: writtenPlan, settings, signals }), {
    io: 'input',
    unrepresentable: 'any',
  });
  const definitions = child(all, '$defs');
  const parts = child(all, 'properties');
  const sources = Object.entries(SIGNAL_SOURCES).map(([uses, summary]) => ({ uses, summary }));
  return {
    $schema: all.$schema,
    title: 'Switchover plan',
    ...child(parts, 'plan'),
    $defs: {
      ...definitions,
      step: withKinds(child(definitions, 'step'), kinds, settingsIn(parts, 'settings')),
      signal: withKinds(child(definitions, 'signal'), sources, settingsIn(parts, 'signals')),
      template: TEMPLATE,
    },
  };
}

const TEMPLATE: Schema = {
  type: 'string',
  pattern: '\\$\\{[^}]+\\}',
  description:
    'Replaced by a value of the site that is left (${from.NAME}) or entered (${to.NAME}), in signals of the one that is looked at (${site.NAME}).',
};

function settingsIn(parts: Schema, name: string): Schema {
  return child(child(parts, name), 'properties');
}

/** Of a step or a signal: what `uses` says decides what may be in `with`. */
function withKinds(
  user: Schema,
  kinds: readonly { readonly uses: string; readonly summary: string }[],
  settings: Schema,
): Schema {
  const properties = {
    ...child(user, 'properties'),
    uses: { ...child(child(user, 'properties'), 'uses'), enum: kinds.map((kind) => kind.uses) },
  };
  return {
    ...user,
    properties,
    // if/then instead of oneOf: an editor then complains of the settings, not of every kind that did not match.
    allOf: kinds.map(({ uses, summary }) => ({
      if: { properties: { uses: { const: uses } }, required: ['uses'] },
      then: {
        properties: {
          uses: { description: summary },
          with: openToTemplates(child(settings, uses), true),
        },
      },
    })),
  };
}

const INSIDE_MAPS = ['properties', 'patternProperties'];
const INSIDE_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const INSIDE = ['items', 'additionalProperties'];

/** Lets a template stand for every value below `schema`: settings are checked only after templates are closed. */
function openToTemplates(schema: unknown, whole = false): unknown {
  if (!isSchema(schema)) return schema;
  const opened = Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => [keyword, openBelow(keyword, value)]),
  );
  return whole || takesAnyText(schema) ? opened : { anyOf: [opened, { $ref: '#/$defs/template' }] };
}

function openBelow(keyword: string, value: unknown): unknown {
  if (INSIDE.includes(keyword)) return openToTemplates(value);
  if (INSIDE_LISTS.includes(keyword) && Array.isArray(value)) {
    return value.map((part) => openToTemplates(part, true));
  }
  if (INSIDE_MAPS.includes(keyword) && isSchema(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [name, openToTemplates(part)]),
    );
  }
  return value;
}

function takesAnyText(schema: Schema): boolean {
  const limits = ['pattern', 'format', 'enum', 'const', 'maxLength'];
  return schema.type === 'string' && limits.every((limit) => schema[limit] === undefined);
}

function child(schema: Schema, name: string): Schema {
  const found = schema[name];
  return isSchema(found) ? found : {};
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
