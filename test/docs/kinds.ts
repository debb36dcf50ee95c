import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { formatSeconds } from '../../src/core/duration.ts';
import { stepKinds } from '../../src/steps/registry.ts';
import type { AnyStepKind } from '../../src/steps/erased.ts';
import { asSchema, fieldTable, fieldsOf, table } from './fields.ts';

/** Every kind of step: facts from what it declares, an example and prose from the `about.md` beside it. */
export function kindsPage(): string {
  return stepKinds.map(section).join('\n\n');
}

export function aboutOf({ uses }: AnyStepKind): { example: unknown; yaml: string; prose: string } {
  const folder = `${import.meta.dirname}/../../src/steps/${uses.replace('/', '-')}`;
  const text = readFileSync(`${folder}/about.md`, 'utf8');
  const [, yaml = '', prose = ''] = /^```yaml\n(.*?)```\n(.*)$/s.exec(text) ?? [];
  return { example: parse(yaml), yaml, prose: prose.trim() };
}

function section(kind: AnyStepKind): string {
  const { example, yaml, prose } = aboutOf(kind);
  return [
    `## \`${kind.uses}\``,
    kind.summary,
    prose,
    `\`\`\`yaml\nuses: ${kind.uses}\nwith:\n${yaml.trimEnd().replaceAll(/^/gm, '  ')}\n\`\`\``,
    settingsOf(kind),
    factsOf(kind, example).join('\n'),
    rightsOf(kind, example),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function settingsOf({ settings }: AnyStepKind): string {
  const schema = asSchema(z.toJSONSchema(settings, { io: 'input', unrepresentable: 'any' }));
  return fieldTable(fieldsOf(schema, asSchema(schema.$defs), []));
}

function factsOf(kind: AnyStepKind, example: unknown): string[] {
  const locks = kind.resources(example);
  return [
    `- Takes: about ${formatSeconds(kind.typicalSeconds(example))}, as in the example.`,
    kind.effect === 'none' ? '- Changes nothing.' : `- Undo: ${undoOf(kind, example)}.`,
    ...(kind.makesWritable
      ? ['- Makes the other side writable: waits until the old side is fenced, or asks.']
      : []),
    ...(kind.settleSeconds > 0
      ? [
          `- After a lost answer it looks for ${formatSeconds(kind.settleSeconds)} before it sends again.`,
        ]
      : []),
    ...(locks.length > 0 ? [`- Locks: ${locks.map(short).join(', ')}.`] : []),
    ...((kind.closesApplication?.(example) ?? false) !== false
      ? ['- Closes the application.']
      : []),
    ...(kind.rehearses === true ? ['- May stand in a rehearsal.'] : []),
    ...(kind.onlyReads?.(example) === true ? ['- Drills that only read ask it, too.'] : []),
    ...(kind.foresee === undefined ? [] : ['- A dry-run says what it would change.']),
  ];
}

function undoOf(kind: AnyStepKind, example: unknown): string {
  const [planned, unplanned] = [
    kind.undoSafety(example, 'planned'),
    kind.undoSafety(example, 'unplanned'),
  ];
  return planned === unplanned
    ? `\`${planned}\``
    : `\`${planned}\` when planned, \`${unplanned}\` when unplanned`;
}

function rightsOf(kind: AnyStepKind, example: unknown): string {
  const rights = kind.permissions(example);
  if (rights.length === 0) return 'Needs no rights in Azure.';
  const actions = [...new Set(rights.map(({ action }) => action))];
  return table(
    ['right', 'at'],
    actions.map((action) => [
      `\`${action}\``,
      [
        ...new Set(rights.filter((one) => one.action === action).map(({ scope }) => short(scope))),
      ].join(', '),
    ]),
  );
}

/** The end of an id, which tells what it is. */
function short(id: string): string {
  return `\`…/${id.split('/').slice(-2).join('/')}\``;
}
