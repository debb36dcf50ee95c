import { dirname, relative, resolve, sep } from 'node:path';

const SOURCE = resolve(import.meta.dirname, '..', 'src');

/** Rooms of the house, top to bottom: a room may import only from itself and from the rooms below it. */
export const ROOMS = [
  'main.ts',
  'app.ts',
  'system',
  'root',
  'platform.ts',
  'cli',
  'functions',
  'orchestration',
  'health',
  'telemetry',
  'steps',
  'report',
  'plan',
  'records',
  'azure',
  'settings.ts',
  'version.ts',
  'core',
];

/** Packages that only some rooms may know. */
const KNOWN_TO = [
  { package: /^(?:durable-functions|@azure\/functions)$/, rooms: ['functions', 'orchestration'] },
  { package: /^@azure\/(?:arm-.+|monitor-query|identity)$/, rooms: ['azure'] },
  { package: /^@azure\/(?:data-tables|storage-blob)$/, rooms: ['records'] },
];

/** What the command line may not know although it lies below: it is a client of the HTTP API. */
const CLIENT = {
  room: 'cli',
  knowsNot: ['orchestration', 'health', 'records', 'azure', 'settings.ts'],
};

/** The room of a file below src; null for a file elsewhere. */
function roomOf(file) {
  const path = relative(SOURCE, file);
  return path.startsWith('..') ? null : (path.split(sep)[0] ?? null);
}

function whyNot(room, filename, source) {
  if (!source.startsWith('.')) {
    const rule = KNOWN_TO.find((one) => one.package.test(source));
    return rule === undefined || rule.rooms.includes(room)
      ? null
      : `only src/${rule.rooms.join(' and src/')} may know ${source}`;
  }
  const other = roomOf(resolve(dirname(filename), source));
  if (other === null) return 'what runs in production imports nothing from outside src';
  if (!ROOMS.includes(other)) return `src/${other} is no room: give it a place in eslint/house.js`;
  if (ROOMS.indexOf(other) < ROOMS.indexOf(room)) return `src/${other} lies above src/${room}`;
  return room === CLIENT.room && CLIENT.knowsNot.includes(other)
    ? `src/${room} is a client of the HTTP API`
    : null;
}

const downwards = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { refused: '{{why}}; see "The house" in docs/architecture.md.' },
  },
  create(context) {
    const room = roomOf(context.filename);
    if (room === null) return {};
    const look = (node, source) => {
      if (typeof source?.value !== 'string') return;
      const why = ROOMS.includes(room)
        ? whyNot(room, context.filename, source.value)
        : `src/${room} is no room: give it a place in eslint/house.js`;
      if (why !== null) context.report({ node, messageId: 'refused', data: { why } });
    };
    return {
      ImportDeclaration: (node) => look(node, node.source),
      ExportNamedDeclaration: (node) => look(node, node.source),
      ExportAllDeclaration: (node) => look(node, node.source),
      ImportExpression: (node) => look(node, node.source),
      TSImportType: (node) => look(node, node.source),
    };
  },
};

export const house = { rules: { downwards } };
