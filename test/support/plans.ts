import { readFile } from 'node:fs/promises';
import type { PlanSource } from '../../src/plan/source.ts';

export interface Edit {
  readonly find: string;
  readonly put: string;
}

/** The café's plan with some of its text changed: every place where `find` stands. */
export function editedPlans(edits: readonly Edit[], file = 'websphere-cafe.yaml'): PlanSource {
  return {
    async list() {
      const before = await readFile(`plans/${file}`, 'utf8');
      const text = edits.reduce((found, { find, put }) => {
        if (!found.includes(find)) throw new Error(`${file} does not say "${find}" any more.`);
        return found.replaceAll(find, put);
      }, before);
      return [{ file, text }];
    },
  };
}

/** The café's database alone, which can go there and back, drilled as this line of a calendar says. */
export function drilledDatabase(line: string): PlanSource {
  const plans = editedPlans([], '../test/fixtures/plans/database-only.yaml');
  return {
    async list() {
      const [plan] = await plans.list();
      const text = `${plan?.text ?? ''}\ndrills: { calendar: [${line}] }\n`;
      return [{ file: 'database-only.yaml', text }];
    },
  };
}

/** Plans that nobody watches, for stories in which people start what runs: nothing begins by itself. */
export function unwatched(source: PlanSource): PlanSource {
  return {
    async list() {
      const files = await source.list();
      return files.map(({ file, text }) => ({ file, text: text.replace(WATCH, '') }));
    },
  };
}

const WATCH = /^watch:\n(?:[ \t].*\n|\n)*/m;
