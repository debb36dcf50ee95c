import type { Expression, Value } from './kql-expression.ts';

/** What a bag has by that name; null of what is no bag, as in Kusto. */
export function member({ of }: Expression, name: string): Expression {
  return {
    type: 'dynamic',
    of: (...on) => {
      const whole = parsed(of(...on));
      const isBag = typeof whole === 'object' && whole !== null && !Array.isArray(whole);
      const inner: unknown = isBag && name in whole ? Reflect.get(whole, name) : undefined;
      return inner === undefined || inner === null ? null : JSON.stringify(inner);
    },
  };
}

function parsed(dynamic: Value): unknown {
  return typeof dynamic === 'string' ? JSON.parse(dynamic) : null;
}

/** A text that is no JSON is a dynamic all the same: that text. */
export function asDynamic(text: Value): Value {
  if (typeof text !== 'string') return null;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/** What is in a dynamic: a text without its quotes, a bag or a list as its JSON. */
export function plainOf({ of }: Expression): Expression['of'] {
  return (...on) => {
    const dynamic = of(...on);
    const inner = parsed(dynamic);
    const isPlain = ['string', 'number', 'boolean'].includes(typeof inner);
    return isPlain ? (inner as string | number | boolean) : dynamic;
  };
}
