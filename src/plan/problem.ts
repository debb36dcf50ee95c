/** One thing that is wrong in a plan file, where, and what was expected there. */
export interface PlanProblem {
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** `stages[0].steps[1].with.group`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

export type Path = readonly (string | number)[];

/** A problem before it is looked up in the file. */
export interface Complaint {
  readonly path: Path;
  /** Point at the key itself, not at its value. */
  readonly key?: true;
  readonly message: string;
}

export function formatPath(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** One line a problem, in the form that editors and terminals turn into links. */
export function formatProblems(problems: readonly PlanProblem[]): string {
  return problems
    .map(({ file, line, column, path, message }) =>
      [`${file}:${line}:${column}`, ...(path === '' ? [] : [path]), message].join(': '),
    )
    .join('\n');
}
