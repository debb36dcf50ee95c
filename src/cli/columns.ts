import { stripVTControlCharacters } from 'node:util';

/** Lines up cells under each other; colours take no room. The last column is not padded. */
export function columns(rows: readonly (readonly string[])[], gap = '  '): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, shown(cell));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : padded(cell, widths[index] ?? 0)))
      .join(gap)
      .trimEnd(),
  );
}

/** Cuts what would run over the edge of the screen and so break a redraw. */
export function fitted(text: string, width: number): string {
  if (text.length <= width) return text;
  return width < 2 ? '' : `${text.slice(0, width - 1)}…`;
}

export function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - shown(cell)));
}

function shown(text: string): number {
  return stripVTControlCharacters(text).length;
}
