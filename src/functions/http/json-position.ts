type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end';

const STRING = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const SCALAR = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null`;
const TOKEN = String.raw`[ \t\n\r]*(?:(?<string>${STRING})|(?<scalar>${SCALAR})|(?<mark>[[\]{}:,]))`;

/** Engines word their errors differently and often leave out where: `line 1, column 10`, or the end of the text. */
export function whereJsonBreaks(text: string): string {
  const token = new RegExp(TOKEN, 'y');
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let end = 0;
  for (;;) {
    token.lastIndex = end;
    const groups: Record<string, string | undefined> | undefined = token.exec(text)?.groups;
    if (groups === undefined) break;
    const kind = groups['mark'] ?? (groups['string'] === undefined ? 'scalar' : 'string');
    const next = after(expected, kind, open);
    if (next === null) break;
    expected = next;
    end = token.lastIndex;
  }
  return placeOf(text, end);
}

/** What may follow a token; null when the token itself may not stand here. */
function after(expected: Expected, token: string, open: ('{' | '[')[]): Expected | null {
  const isValue = expected === 'value' || expected === 'value or ]';
  const isKey = expected === 'key' || expected === 'key or }';
  if (isValue && (token === '{' || token === '[')) {
    open.push(token);
    return token === '{' ? 'key or }' : 'value or ]';
  }
  if (isValue && (token === 'string' || token === 'scalar')) return ', or end';
  if (isKey && token === 'string') return ':';
  if (expected === ':' && token === ':') return 'value';
  if (expected === ', or end' && token === ',' && open.length > 0) {
    return open.at(-1) === '{' ? 'key' : 'value';
  }
  const mayClose = expected === ', or end' || expected === 'key or }' || expected === 'value or ]';
  if (mayClose && token === (open.at(-1) === '{' ? '}' : ']') && open.pop() !== undefined) {
    return ', or end';
  }
  return null;
}

function placeOf(text: string, end: number): string {
  const rest = text.slice(end);
  const start = end + rest.length - rest.trimStart().length;
  if (start >= text.length) return 'its end comes too early';
  const lines = text.slice(0, start).split('\n');
  return `it breaks at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
