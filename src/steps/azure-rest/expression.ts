import { search } from 'jmespath';
import { messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';

/** JMESPath has neither loops nor recursion; what is left to bound is how long the text is, and what it is asked of. */
const MOST_TEXT = 1_000;
const MOST_DOCUMENT = 1_000_000;

/** Null when the text can be asked, else what is wrong with it. */
export function problemIn(expression: string): string | null {
  if (expression.length > MOST_TEXT) return `longer than ${MOST_TEXT} characters`;
  try {
    search(null, expression);
    return null;
  } catch (error) {
    return isOfText(error) ? messageOf(error) : null;
  }
}

/** Whether the text itself is wrong. That null is no argument for a function is not its fault. */
function isOfText(error: unknown): boolean {
  return (
    error instanceof Error &&
    (['LexerError', 'ParserError'].includes(error.name) ||
      /^(Unknown function|ArgumentError)/.test(error.message))
  );
}

export type Asked = { readonly is: boolean } | { readonly trouble: string };

/** Whether it is true of the document; null is a resource that does not exist. Anything but true and false is a mistake. */
export function ask(expression: string, document: JsonObject | null): Asked {
  const size = JSON.stringify(document).length;
  if (size > MOST_DOCUMENT)
    return { trouble: `the answer has ${size} characters, more than ${MOST_DOCUMENT}` };
  try {
    const found: unknown = search(document, expression);
    return typeof found === 'boolean'
      ? { is: found }
      : { trouble: `"${expression}" is ${JSON.stringify(found)}, neither true nor false` };
  } catch (error) {
    return { trouble: `"${expression}" cannot be asked of it: ${messageOf(error)}` };
  }
}
