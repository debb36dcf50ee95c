import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stepKinds } from '../../../src/steps/registry.ts';

const text = readFileSync(`${import.meta.dirname}/../../../docs/step-kinds.md`, 'utf8');
const sections = new Map(
  text
    .split(/^## `/m)
    .slice(1)
    .map((section) => [section.split('`')[0] ?? '', section]),
);

describe('docs/step-kinds.md', () => {
  it('has a section for every kind, in order, and for no other', () => {
    expect([...sections.keys()]).toEqual(stepKinds.map(({ uses }) => uses));
  });

  it.each(stepKinds.map((kind) => [kind.uses, kind] as const))(
    'tells every setting of %s',
    (uses, kind) => {
      const schema = z.toJSONSchema(kind.settings, { io: 'input' });
      const names = Object.keys(schema.properties ?? {});
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => sections.get(uses)?.includes(`\`${name}\``) !== true)).toEqual(
        [],
      );
    },
  );

  it.each(
    stepKinds.filter((kind) => kind.effect === 'changes').map((kind) => [kind.uses] as const),
  )('tells how safe it is to undo %s', (uses) => {
    expect(sections.get(uses)).toMatch(/Undo: `(safe|degrading|lossy|impossible)`/);
  });
});
