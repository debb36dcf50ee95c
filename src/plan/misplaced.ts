import type { Json } from '../core/json.ts';
import type { Complaint, Path } from './problem.ts';
import { holdsTemplate } from './template.ts';

/** Templates where nothing closes them: an author would take them for replaced. */
export function misplacedTemplates(value: Json, path: Path = []): Complaint[] {
  if (closesTemplates(path)) return [];
  if (typeof value === 'string') {
    return holdsTemplate(value)
      ? [
          {
            path,
            message: `templates are not replaced here, only in settings of steps and signals, in fencing and in dataLoss.databases; found "${value}"`,
          },
        ]
      : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Array.isArray(value)
    ? value.flatMap((part: Json, index) => misplacedTemplates(part, [...path, index]))
    : Object.entries(value).flatMap(([key, part]: [string, Json]) =>
        misplacedTemplates(part, [...path, key]),
      );
}

/** `fencing`, `dataLoss.databases`, watch.signals[n].with, and `with` of a step: [failback.|rehearsal.]stages[n].steps[n].with */
function closesTemplates(path: Path): boolean {
  const [first, second] = path;
  if (first === 'fencing' || (first === 'dataLoss' && second === 'databases')) return true;
  if (first === 'watch') return second === 'signals' && path[3] === 'with';
  const inStages = first === 'failback' || first === 'rehearsal' ? path.slice(1) : path;
  return inStages[0] === 'stages' && inStages[2] === 'steps' && inStages[4] === 'with';
}
