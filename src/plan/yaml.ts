import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, ErrorCode, Node, Pair, YAMLError, YAMLMap } from 'yaml';
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
  const problem = (offset: number, path: Path, message: string): PlanProblem => {
    const { line, col } = lines.linePos(offset);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: formatPath(path),
      message,
    };
  };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      stringKeys: true,
    });
    const pairs = indexOfPairs();
    const locate = ({ path, key, message }: Complaint): PlanProblem =>
      problem(offsetOf(document, pairs, path, key === true), path, message);
    const problems = faultsOf(document).map(({ pos: [offset], code, message }) =>
      problem(
        offset,
        [],
        code === 'MULTIPLE_DOCS'
          ? 'a plan is one YAML document: "---" begins another one here'
          : `this is not valid YAML: ${message}${templateHint(text, offset)}`,
      ),
    );
    if (problems.length > 0) return { value: null, problems, locate };
    const { value, complaints } = asJson(document.toJS(), []);
    return { value, problems: complaints.map(locate), locate };
  } catch (error) {
    // The parser throws at endless aliases and at nesting deeper than the stack.
    const unreadable = problem(0, [], `this YAML cannot be read: ${messageOf(error)}`);
    return { value: null, problems: [unreadable], locate: () => unreadable };
  }
}

/** Up to the first fault that breaks the structure: what the parser says of the text behind it is a consequence. */
function faultsOf(document: Document): readonly YAMLError[] {
  const faults: readonly YAMLError[] = [...document.errors, ...document.warnings].toSorted(
    (left, right) => left.pos[0] - right.pos[0],
  );
  const breaking = faults.findIndex(({ code }) => !HARMLESS.includes(code));
  return breaking === -1 ? faults : faults.slice(0, breaking + 1);
}

const HARMLESS: readonly ErrorCode[] = ['DUPLICATE_KEY', 'NON_STRING_KEY', 'TAG_RESOLVE_FAILED'];

/** `{ machines: ${from.machines} }` is the mistake that everybody makes once. */
function templateHint(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
  return /[{[].*\$\{/.test(line)
    ? '. A template inside { } or [ ] must be quoted: "${from.name}"'
    : '';
}

interface Converted {
  readonly value: Json;
  readonly complaints: readonly Complaint[];
}

function asJson(value: unknown, path: Path): Converted {
  const wrong = (message: string): Converted => ({ value: null, complaints: [{ path, message }] });
  if (path.length > DEEPEST) {
    const message = `this is nested more than ${DEEPEST} levels deep`;
    return { value: null, complaints: [{ path: path.slice(0, 3), message }] };
  }
  if (value === null || value === undefined) return { value: null, complaints: [] };
  if (typeof value === 'string' || typeof value === 'boolean') return { value, complaints: [] };
  if (typeof value === 'number') {
    return Number.isFinite(value)
      ? { value, complaints: [] }
      : wrong(`expected a number that JSON knows, found ${value}`);
  }
  if (typeof value !== 'object') return wrong(`expected a JSON value, found a ${typeof value}`);
  if (Array.isArray(value)) {
    const parts = value.map((part, index) => asJson(part, [...path, index]));
    return {
      value: parts.map((part) => part.value),
      complaints: parts.flatMap((part) => part.complaints),
    };
  }
  const members = Object.entries(value).map(
    ([key, member]) => [key, asJson(member, [...path, key])] as const,
  );
  return {
    value: Object.fromEntries(members.map(([key, member]) => [key, member.value])),
    complaints: members.flatMap(([, member]) => member.complaints),
  };
}

/** Follows the path as far as the text has it: a missing key is reported at the mapping that lacks it. */
function offsetOf(document: Document, pairs: Pairs, path: Path, key: boolean): number {
  let node = document.contents;
  let offset = startOf(node);
  for (const [index, part] of path.entries()) {
    const next = childOf(document, pairs, node, part);
    if (next === undefined) return offset;
    node = next.value;
    const wantsKey = key && index === path.length - 1;
    offset = (wantsKey || node === null ? next.key : null) ?? startOf(node);
  }
  return offset;
}

type Pairs = (map: YAMLMap<Node, Node | null>) => ReadonlyMap<string, Pair<Node, Node | null>>;

/** A mapping's pairs by key, gone through once: each of its keys may be complained of. */
function indexOfPairs(): Pairs {
  const known = new Map<object, ReadonlyMap<string, Pair<Node, Node | null>>>();
  return (map) => {
    const found =
      known.get(map) ??
      new Map(map.items.toReversed().flatMap((pair) => keyed(nameOf(pair.key), pair)));
    known.set(map, found);
    return found;
  };
}

function keyed<T>(name: string | null, pair: T): [string, T][] {
  return name === null ? [] : [[name, pair]];
}

interface Child {
  /** Where the key stands; null in a list. */
  readonly key: number | null;
  readonly value: Node | null;
}

function childOf(
  document: Document,
  pairs: Pairs,
  parent: Node | null,
  part: string | number,
): Child | undefined {
  const node = isAlias(parent) ? (parent.resolve(document) ?? null) : parent;
  if (isSeq<Node | null>(node)) {
    const value = node.items[Number(part)];
    return value === undefined ? undefined : { key: null, value };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const pair = pairs(node).get(String(part));
  return pair === undefined ? undefined : { key: startOf(pair.key), value: pair.value };
}

function nameOf(key: Node): string | null {
  return isScalar(key) ? String(key.value) : null;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
