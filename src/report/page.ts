/** The pieces of Markdown of which the evidence's page is made. */

export function section(name: string, text: string): string {
  return `## ${name}\n\n${text}`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

export function list(items: readonly string[], none: string): string {
  return items.length === 0 ? none : items.map((item) => `- ${cell(item)}`).join('\n');
}

/** Text of people and services stays text: one line, no table borders, no HTML. */
export function cell(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
