import { folderSource } from '../../src/plan/folder-source.ts';
import type { PlanSource } from '../../src/plan/source.ts';
import type { Watch } from '../../src/plan/watch.ts';

const ACTION = /^( +action:) \w+$/m;

/** The example plan, whose watch does `action` when a site fails. */
export function demoPlans(plan: string, action: Watch['action']): PlanSource {
  const folder = folderSource('plans');
  return {
    async list() {
      const files = await folder.list();
      return files
        .filter(({ file }) => file === `${plan}.yaml`)
        .map(({ file, text }) => ({ file, text: text.replace(ACTION, `$1 ${action}`) }));
    },
  };
}
