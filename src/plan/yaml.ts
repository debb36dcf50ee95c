import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { messageOf } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { formatPath } from './problem.ts';
import type { Complaint, Path, PlanProblem } from './problem.ts';

/** A YAML 1.2 text as plain JSON, and the way from a path in it back to the line that an author can mend. */
export interface YamlText {
  readonly value: Json;
  /** What is wrong with the text as YAML. The value is not worth looking at when there is anything. */
  readonly problems: readonly PlanProblem[];
  readonly locate: (complaint: Complaint) => PlanProblem;
}

/** Far deeper than any plan, far shallower than the stack: aliases can make a short text endlessly deep. */
const DEEPEST = 64;

export function readYaml(file: string, text: string): YamlText {
  const lines = new LineCounter();
  const at = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const broken = (message: string): YamlText => {
    const problem = { file, line: 1, column: 1, path: '', message };
    return { value: null, problems: [problem], locate: () => problem };
  };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
    });
    const problems = [...document.errors, ...document.warnings].map(({ pos, message }) => ({
      file,
      ...at(pos[0]),
      path: '',
      message: `this is not valid YAML: ${message}${templateHint(text, at(pos[0]).line)}`,
    }));
    if (problems.length > 0) return { ...broken(''), problems };
    const value: unknown = document.toJS();
    return {
      value: asJson(value),
      problems: [],
      locate: ({ path, key, message }) => ({
        file,
        ...at(offsetOf(document, path, key === true)),
        path: formatPath(path),
        message,
      }),
    };
  } catch (error) {
    // The parser throws at endless aliases and at nesting deeper than the stack.
    return broken(`this YAML cannot be read: ${messageOf(error)}`);
  }
}

/** `{ machines: ${from.machines} }` is the mistake that everybody makes once. */
function templateHint(text: string, line: number): string {
  return text.split('\n')[line - 1]?.includes('${') === true
    ? '. A template inside { } or [ ] must be quoted: "${from.name}"'
    : '';
}

function asJson(value: unknown, depth = 0): Json {
  if (depth > DEEPEST) throw new RangeError(`it is nested more than ${DEEPEST} levels deep`);
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    throw new RangeError(`${value} is not a number that JSON knows`);
  }
  if (Array.isArray(value)) return value.map((part) => asJson(part, depth + 1));
  if (typeof value !== 'object') throw new TypeError(`it holds a ${typeof value}`);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, asJson(part, depth + 1)]),
  );
}

/** Follows the path as far as the text has it: a missing key is reported at the mapping that lacks it. */
function offsetOf(document: Document, path: Path, key: boolean): number {
  let node = document.contents;
  let offset = startOf(node);
  for (const [index, part] of path.entries()) {
    const next = childOf(document, node, part);
    if (next === undefined) return offset;
    node = next.value;
    const wantsKey = key && index === path.length - 1;
    offset = (wantsKey || node === null ? next.key : null) ?? startOf(node);
  }
  return offset;
}

interface Child {
  /** Where the key stands; null in a list. */
  readonly key: number | null;
  readonly value: Node | null;
}

function childOf(
  document: Document,
  parent: Node | null,
  part: string | number,
): Child | undefined {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isSeq<Node | null>(node)) {
    const value = node.items[Number(part)];
    return value === undefined ? undefined : { key: null, value };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const pair = node.items.find(
    (item: Pair<Node, Node | null>) => nameOf(item.key) === String(part),
  );
  return pair === undefined ? undefined : { key: startOf(pair.key), value: pair.value };
}

function nameOf(key: Node): string | null {
  return isScalar(key) ? String(key.value) : null;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
