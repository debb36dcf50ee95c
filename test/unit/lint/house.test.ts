import { describe, expect, it } from 'vitest';
import { complaints } from './complaints.ts';

/** docs/architecture.md, top to bottom. */
const ROOMS = [
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

/** A file of a room, two folders deep where the room is a folder. */
function inside(room: string): { file: string; up: string } {
  return room.endsWith('.ts')
    ? { file: `src/${room}`, up: './' }
    : { file: `src/${room}/some/file.ts`, up: '../../' };
}

function target(room: string): string {
  return room.endsWith('.ts') ? room : `${room}/thing.ts`;
}

describe('rooms of the house', () => {
  it.each(ROOMS.map((room, index) => [room, ROOMS.slice(0, index)] as const))(
    '%s imports nothing from above',
    async (room, above) => {
      const { file, up } = inside(room);
      const lines = above.map((other) => `import { a } from '${up}${target(other)}';`);
      expect(await complaints(file, lines)).toEqual(lines);
    },
  );

  it.each(ROOMS.filter((room) => room !== 'cli').map((room) => [room] as const))(
    '%s imports from below',
    async (room) => {
      const { file, up } = inside(room);
      const below = ROOMS.slice(ROOMS.indexOf(room) + 1);
      const lines = below.map((other) => `import { a } from '${up}${target(other)}';`);
      expect(await complaints(file, lines)).toEqual([]);
    },
  );

  it.each([
    ["import type { A } from '../functions/services.ts';"],
    ["export { a } from '../functions/services.ts';"],
    ["export * from '../functions/services.ts';"],
    ["const a = await import('../functions/services.ts');"],
    ["type A = import('../functions/services.ts').A;"],
    ["import { a } from './../functions/services.ts';"],
  ])('%s is refused in the plan', async (line) => {
    expect(await complaints('src/plan/file.ts', [line])).toEqual([line]);
  });

  it('do not know the development tools', async () => {
    for (const room of ROOMS) {
      const { file: here, up } = inside(room);
      const lines = ['local/stack/world.ts', 'test/support/drive.ts', 'bench/bench.ts'].map(
        (other) => `import { a } from '${up}../${other}';`,
      );
      expect(await complaints(here, lines), room).toEqual(lines);
    }
  });

  it('are known by name', async () => {
    const line = "import { a } from '../core/clock.ts';";
    expect(await complaints('src/attic/file.ts', [line])).toEqual([line]);
    const other = "import { a } from '../attic/file.ts';";
    expect(await complaints('src/plan/file.ts', [other])).toEqual([other]);
  });

  it('are free to be used by the local stack and the tests', async () => {
    const lines = ["import { a } from '../../src/orchestration/start/start.ts';"];
    expect(await complaints('local/stack/file.ts', lines)).toEqual([]);
    expect(await complaints('test/support/file.ts', lines)).toEqual([]);
  });

  it('make the command line a client of the HTTP API', async () => {
    const refused = ['orchestration', 'health', 'records', 'azure'].map(
      (room) => `import { a } from '../${room}/thing.ts';`,
    );
    const allowed = ['functions', 'plan', 'report', 'core'].map(
      (room) => `import { a } from '../${room}/thing.ts';`,
    );
    expect(await complaints('src/cli/file.ts', [...refused, ...allowed])).toEqual(refused);
  });
});

describe('packages', () => {
  it.each([
    ['durable-functions', ['functions', 'orchestration']],
    ['@azure/functions', ['functions', 'orchestration']],
    ['@azure/arm-sql', ['azure']],
    ['@azure/monitor-query', ['azure']],
    ['@azure/identity', ['azure']],
    ['@azure/data-tables', ['records']],
    ['@azure/storage-blob', ['records']],
  ])('%s is known to %j alone', async (name, knowing) => {
    const line = `import { a } from '${name}';`;
    for (const room of ROOMS) {
      const found = await complaints(inside(room).file, [line]);
      expect(found, room).toEqual(knowing.includes(room) ? [] : [line]);
    }
  });
});
