import tseslint from 'typescript-eslint';
import { house } from './eslint/house.js';

/** What differs from one run to the next: in the rooms below the root it is handed in. */
const OUTSIDE = ['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'performance'];
const HANDED_IN = 'The clock, chance, the network and settings are handed in by the root.';

const NOW = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: HANDED_IN },
  { selector: "CallExpression[callee.name='Date']", message: HANDED_IN },
];
const CHANCE = [
  { object: 'Date', property: 'now', message: HANDED_IN },
  { object: 'Math', property: 'random', message: HANDED_IN },
  { object: 'crypto', property: 'randomUUID', message: HANDED_IN },
  { object: 'crypto', property: 'getRandomValues', message: HANDED_IN },
];

/** Orchestrators are replayed: everything that could differ between two replays is fenced off. */
const IMPURE = [
  ...OUTSIDE,
  'Date',
  'Temporal',
  'Intl',
  'Promise',
  'queueMicrotask',
  'crypto',
  'console',
  'WebSocket',
  'EventSource',
  'navigator',
  'require',
  'global',
  'globalThis',
];
const PURE = 'Orchestrators are replayed and must be pure: do it in an activity.';

function globals(names, message) {
  return ['error', ...names.map((name) => ({ name, message }))];
}

/** Values come from modules that are pure themselves, `known` by their beginnings. */
function pureImports(...known) {
  return [
    'error',
    {
      patterns: [
        { regex: '^(?:node:|@azure/)', message: PURE },
        {
          regex: `^(?!node:|@azure/|${known.join('|')})`,
          allowTypeImports: true,
          message: `${PURE} Types may be imported.`,
        },
      ],
    },
  ];
}

const pure = {
  'no-restricted-globals': globals(IMPURE, PURE),
  'no-restricted-properties': ['error', ...CHANCE.map((one) => ({ ...one, message: PURE }))],
  'no-restricted-syntax': [
    'error',
    { selector: ':matches(AwaitExpression, ImportExpression, MetaProperty)', message: PURE },
    { selector: ':function[async=true]', message: PURE },
  ],
};

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'coverage', '.local'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { house },
    rules: {
      'house/downwards': 'error',
      'no-console': 'error',
      'no-restricted-globals': globals(OUTSIDE, HANDED_IN),
      'no-restricted-properties': ['error', ...CHANCE],
      'no-restricted-syntax': ['error', ...NOW],
    },
  },
  {
    // The roots: production's platform, and the command line, which is a program of its own.
    files: ['src/main.ts', 'src/system/**/*.ts', 'src/cli/**/*.ts'],
    rules: {
      'no-console': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  {
    files: ['src/orchestration/orchestrators/**/*.ts'],
    rules: {
      ...pure,
      'no-restricted-imports': pureImports(
        '\\./(?!.*\\.\\.)',
        '\\.\\./(?:durable|names|next)\\.ts$',
      ),
    },
  },
  {
    // Our layer over Durable is replayed with them. It turns the orchestration's time into dates, and nothing else.
    files: ['src/orchestration/{durable,names,next}.ts'],
    rules: {
      ...pure,
      'no-restricted-globals': globals(
        IMPURE.filter((name) => name !== 'Date'),
        PURE,
      ),
      'no-restricted-syntax': [...pure['no-restricted-syntax'], ...NOW],
      'no-restricted-imports': pureImports(
        '\\./(?:durable|names|next)\\.ts$',
        'durable-functions$',
      ),
    },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    ...tseslint.configs.disableTypeChecked,
    rules: {
      ...tseslint.configs.disableTypeChecked.rules,
      '@typescript-eslint/explicit-module-boundary-types': 'off',
    },
  },
);
