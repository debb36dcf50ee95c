import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';
import type { Node } from 'web-tree-sitter';

export type { Node } from 'web-tree-sitter';

/** Reads Bicep. It knows no types: those are `resource-types.ts`, and the real compiler's where there is one. */
export type ParseBicep = (text: string) => Node;

/** The grammar covers what templates here use; it does not know spreads (`...x`) and `x!`. */
export async function bicepParser(): Promise<ParseBicep> {
  const { resolve } = createRequire(import.meta.url);
  await Parser.init();
  const grammar = readFileSync(resolve('tree-sitter-bicep/tree-sitter-bicep.wasm'));
  const parser = new Parser().setLanguage(await Language.load(grammar));
  return (text) => {
    const tree = parser.parse(text);
    if (tree === null) throw new Error('The Bicep parser gave up.');
    return tree.rootNode;
  };
}

export function syntaxErrors(node: Node): readonly string[] {
  if (node.isError || node.isMissing) return [`${placeOf(node)}: not Bicep: ${shown(node)}`];
  return partsOf(node).flatMap(syntaxErrors);
}

/** `12:4`, as editors count. */
export function placeOf({ startPosition: { row, column } }: Node): string {
  return `${row + 1}:${column + 1}`;
}

/** Its named parts, without comments. */
export function partsOf(node: Node): readonly Node[] {
  return node.namedChildren.filter((part) => part.type !== 'comment');
}

/** All nodes of a kind, itself among them. */
export function all(node: Node, kind: string): readonly Node[] {
  const inside = partsOf(node).flatMap((part) => all(part, kind));
  return node.type === kind ? [node, ...inside] : inside;
}

/** What a string says; null when it is put together or is no string. */
export function literal(node: Node | undefined): string | null {
  if (node?.type !== 'string') return null;
  const parts = partsOf(node);
  return parts.some(({ type }) => type === 'interpolation')
    ? null
    : parts.map(({ text }) => text).join('');
}

function shown({ text }: Node): string {
  return JSON.stringify(text.slice(0, 40));
}
