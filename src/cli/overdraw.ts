import { stripVTControlCharacters } from 'node:util';

export interface Screen {
  readonly rows: number;
  readonly columns: number;
}

/**
 * What to write so that `lines` stand where the last picture stood, and how many rows they take. The cursor cannot be
 * moved above the screen, so of a picture that is too long the end is shown.
 */
export function overdraw(
  lines: readonly string[],
  rowsBefore: number,
  screen: Screen,
): { readonly text: string; readonly rows: number } {
  const shown: string[] = [];
  let rows = 0;
  for (const line of lines.toReversed()) {
    const height = Math.max(1, Math.ceil(stripVTControlCharacters(line).length / screen.columns));
    if (rows + height > screen.rows - 1) break;
    shown.unshift(`${line}\n`);
    rows += height;
  }
  const back = rowsBefore === 0 ? '' : `\u001b[${rowsBefore}F\u001b[J`;
  return { text: back + shown.join(''), rows };
}
