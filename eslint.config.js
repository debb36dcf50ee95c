import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/** Orchestrators are replayed: everything that could differ between two replays is fenced off. */
const impure = [
  'Date',
  'Math.random',
  'process',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'crypto',
  'performance',
  'console',
];

/** Rooms of the house, top to bottom: a room may import only from itself and from the rooms below it. */
const rooms = [
  'functions',
  'orchestration',
  'health',
  'steps',
  'report',
  'plan',
  'records',
  'azure',
  'core',
];

const fences = rooms.map((room, index) => ({
  files: [`src/${room}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              ...rooms.slice(0, index).map((above) => `**/${above}/**`),
              '**/local/**',
              '**/test/**',
            ],
            message: `src/${room} may import only downwards; see "The house" in docs/architecture.md.`,
          },
          ...(room === 'orchestration' || room === 'functions'
            ? []
            : [{ group: ['durable-functions'], message: 'Only src/orchestration knows Durable.' }]),
          ...(room === 'azure' || room === 'records'
            ? []
            : [{ group: ['@azure/arm-*', '@azure/monitor-query'], message: 'SDK clients are built in src/azure only.' }]),
        ],
      },
    ],
  },
}));

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
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'no-console': 'error',
      'no-restricted-globals': ['error', { name: 'process', message: 'Settings are read once, in the root.' }],
    },
  },
  {
    files: ['src/cli/**', 'src/main.ts', 'src/system/**', 'local/**', 'test/**', 'bench/**', '*.js', '*.mjs', '*.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-console': 'off' },
  },
  ...fences,
  {
    files: ['src/orchestration/orchestrators/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impure.filter((name) => !name.includes('.')).map((name) => ({ name, message: 'Orchestrators are pure: do it in an activity.' }))],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Orchestrators are pure.' }],
      'no-restricted-imports': [
        'error',
        {
          paths: [...builtinModules, ...builtinModules.map((name) => `node:${name}`)].map((name) => ({ name, message: 'Orchestrators are pure.' })),
          patterns: [
            { group: ['@azure/*'], message: 'Orchestrators are pure.' },
            { group: ['**/azure/**', '**/records/**', '**/health/**', '**/steps/**', '**/report/**', '**/plan/**'], allowTypeImports: true, message: 'Orchestrators import types only.' },
          ],
        },
      ],
    },
  },
  {
    files: ['test/**', 'bench/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
