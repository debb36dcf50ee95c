import { errorResponse, Refusal } from '../errors.ts';

export type Word =
  | { readonly is: 'name' | 'sign' | 'text'; readonly text: string }
  | { readonly is: 'number' | 'span'; readonly text: string; readonly value: number };

export const KNOWN =
  'Known here: where, extend, project, summarize … by, order by, take, count; ' +
  'and or not, == != =~ < <= > >=, contains has startswith in, + - * /; ' +
  'ago now bin iff isempty isnotempty parse_json tostring tolong todouble, .name and ["name"] of a dynamic; ' +
  'count countif sum avg min max dcount.';

/** Log Analytics' way to refuse a query. */
export function wrongQuery(kind: 'SyntaxError' | 'SemanticError', message: string): Refusal {
  const response = errorResponse(400, 'BadArgumentError', '');
  return new Refusal({
    ...response,
    body: {
      error: {
        code: 'BadArgumentError',
        message: 'The request had some invalid properties',
        innererror: { code: kind, message },
      },
    },
  });
}

const UNITS: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1000,
  ms: 1,
};

const WORD =
  /\s+|\/\/[^\n]*|(?<name>[A-Za-z_$]\w*)|(?<span>\d+(?:\.\d+)?(?:ms|[dhms])(?!\w))|(?<number>\d+(?:\.\d+)?)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<sign>==|!=|=~|<=|>=|[|(),=<>+\-*/.[\]])/gy;

export function wordsOf(query: string): readonly Word[] {
  const words: Word[] = [];
  let end = 0;
  for (const match of query.matchAll(WORD)) {
    end = match.index + match[0].length;
    const { name, span, number, text, sign } = match.groups ?? {};
    if (name !== undefined) words.push({ is: 'name', text: name });
    else if (span !== undefined) words.push(spanOf(span));
    else if (number !== undefined)
      words.push({ is: 'number', text: number, value: Number(number) });
    else if (text !== undefined) words.push({ is: 'text', text: unquoted(text) });
    else if (sign !== undefined) words.push({ is: 'sign', text: sign });
  }
  if (end === query.length) return words;
  throw wrongQuery('SyntaxError', `'${query.slice(end, end + 20)}' is not understood. ${KNOWN}`);
}

function spanOf(text: string): Word {
  const [, count = '0', unit = 's'] = /^([\d.]+)(\D+)$/.exec(text) ?? [];
  return { is: 'span', text, value: Number(count) * (UNITS[unit] ?? 0) };
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}
